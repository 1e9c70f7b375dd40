namespace Savepoint.Workspaces.Git;

/// <summary>
/// Reads config files in the order given, later values winning, and what they include with <c>include.path</c>.
/// </summary>
/// <remarks>Conditional includes (<c>includeIf</c>) are not followed; <see cref="GitConfig.Problems"/> names them.</remarks>
internal sealed class GitConfigReader
{
    /// <summary>How deep includes are followed: git's own limit.</summary>
    private const int MaxDepth = 10;

    /// <summary>Far beyond any real file; a bound on memory.</summary>
    private const int MaxLengthBytes = 16 * 1024 * 1024;

    /// <summary>Two includes of two files each, ten deep, would read a thousand files: more than that is an attack.</summary>
    private const int MaxFileCount = 200;

    private readonly Dictionary<string, string?> _values = new(StringComparer.Ordinal);
    private readonly List<string> _problems = [];
    private readonly string? _homeDirectory;
    private int _fileCount;

    private GitConfigReader(string? homeDirectory) => _homeDirectory = homeDirectory;

    /// <summary>Reads files; those that do not exist count as empty.</summary>
    /// <param name="files">The weakest first: the system's, the user's, the repository's.</param>
    /// <param name="homeDirectory">What <c>~/</c> stands for in an include; null if unknown.</param>
    public static GitConfig Read(IEnumerable<string> files, string? homeDirectory)
    {
        var reader = new GitConfigReader(homeDirectory);
        foreach (var file in files)
        {
            reader.ReadFile(file, depth: 0);
        }

        return new GitConfig(reader._values, reader._problems);
    }

    /// <summary>Reads the user's files, then the repository's, with the work tree's own if the repository says so.</summary>
    /// <param name="git">The repository.</param>
    /// <param name="userFiles">The system's and the user's files, the weakest first.</param>
    /// <param name="homeDirectory">What <c>~/</c> stands for in an include; null if unknown.</param>
    public static GitConfig Read(GitDirectory git, IReadOnlyList<string> userFiles, string? homeDirectory)
    {
        var config = Read([.. userFiles, git.ConfigPath], homeDirectory);
        return config.IsTrue("extensions.worktreeconfig")
            ? Read([.. userFiles, git.ConfigPath, git.WorktreeConfigPath], homeDirectory)
            : config;
    }

    private void ReadFile(string file, int depth)
    {
        if (depth > MaxDepth || ++_fileCount > MaxFileCount)
        {
            _problems.Add($"{file}: included too deep or too often");
            return;
        }

        try
        {
            if (GitFile.ReadIfPresent(file, MaxLengthBytes) is { } content
                && !GitConfigParser.TryParse(content, (name, value) => Take(file, depth, name, value)))
            {
                _problems.Add($"{file}: a line is not in git's syntax");
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _problems.Add($"{file}: {exception.Message}");
        }
    }

    private void Take(string file, int depth, string name, string? value)
    {
        _values[name] = value;
        if (name == "include.path" && !string.IsNullOrEmpty(value) && !value.Contains('\0') && GitConfig.ExpandHome(value, _homeDirectory) is { } path)
        {
            ReadFile(Path.GetFullPath(path, Path.GetDirectoryName(Path.GetFullPath(file))!), depth + 1);
        }
        else if (name.StartsWith("includeif.", StringComparison.Ordinal))
        {
            _problems.Add($"{file}: a conditional include was not followed");
        }
    }
}
