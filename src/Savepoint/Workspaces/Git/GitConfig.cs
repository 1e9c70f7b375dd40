using System.Globalization;

namespace Savepoint.Workspaces.Git;

/// <summary>Settings read from git's config files, the last value of each name. Not changed after reading.</summary>
internal sealed class GitConfig
{
    private readonly Dictionary<string, string?> _values;

    internal GitConfig(Dictionary<string, string?> values, IReadOnlyList<string> problems)
    {
        _values = values;
        Problems = problems;
    }

    /// <summary>The files that could not be read, or not to their end, each with its reason. Their settings up to there count.</summary>
    public IReadOnlyList<string> Problems { get; }

    /// <summary>Whether names differ in case alone (<c>core.ignoreCase</c>); false unless set.</summary>
    public bool IgnoreCase => IsTrue("core.ignorecase");

    /// <summary>Whether the repository's ids are SHA-256 (<c>extensions.objectFormat</c>).</summary>
    public bool UsesSha256 => string.Equals(Get("extensions.objectformat"), "sha256", StringComparison.OrdinalIgnoreCase);

    /// <summary>The last value, or null if the name is not set or has no value.</summary>
    /// <param name="name"><c>section.name</c> in lower case.</param>
    public string? Get(string name) => _values.GetValueOrDefault(name);

    /// <summary>Whether a setting is on: <c>true</c>, <c>yes</c>, <c>on</c>, a number but 0, or a name without a value.</summary>
    public bool IsTrue(string name)
    {
        if (!_values.TryGetValue(name, out var value))
        {
            return false;
        }

        return value is null
            || value.ToUpperInvariant() is "TRUE" or "YES" or "ON"
            || (long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number != 0);
    }

    /// <summary>The global excludes file; it need not exist.</summary>
    /// <param name="workTree">What a relative path is relative to.</param>
    /// <param name="homeDirectory">What <c>~</c> stands for; null if unknown.</param>
    /// <param name="configHome">The value of <c>XDG_CONFIG_HOME</c>; null or empty for <c>.config</c> in the home directory.</param>
    /// <returns>Null if none is set and there is no home directory, or if it is set to nothing.</returns>
    public string? ExcludesFile(string workTree, string? homeDirectory, string? configHome)
    {
        if (_values.TryGetValue("core.excludesfile", out var path))
        {
            return string.IsNullOrEmpty(path) || path.Contains('\0') || ExpandHome(path, homeDirectory) is not { } expanded
                ? null
                : Path.GetFullPath(expanded, workTree);
        }

        var folder = !string.IsNullOrEmpty(configHome) ? configHome : homeDirectory is null ? null : Path.Combine(homeDirectory, ".config");
        return folder is null ? null : Path.Combine(folder, "git", "ignore");
    }

    /// <summary>Puts the home directory in the place of a leading <c>~</c>; null for the home of a named user, or an unknown one.</summary>
    internal static string? ExpandHome(string path, string? homeDirectory)
    {
        if (!path.StartsWith('~'))
        {
            return path;
        }

        return homeDirectory is null || (path.Length > 1 && path[1] != '/') ? null : homeDirectory + path[1..];
    }
}
