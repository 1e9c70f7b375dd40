namespace Savepoint.Cli.Settings;

/// <summary>One setting as it takes effect.</summary>
/// <param name="Key">Its name in a settings file.</param>
/// <param name="Value">Its value, as a settings file would have it; null for "no limit".</param>
/// <param name="Source">Where the value comes from: <c>default</c>, a variable's name, or a file's path.</param>
internal sealed record Setting(string Key, string? Value, string Source)
{
    /// <summary>Whether it comes from a workspace's file that is not trusted: it holds where a user asks for it, not from hooks and not in the background.</summary>
    public bool NeedsTrust { get; init; }
}

/// <summary>A line of a workspace's own file that has no effect, because a cloned repository must not decide it.</summary>
/// <param name="Key">The setting.</param>
/// <param name="File">The file.</param>
/// <param name="Reason">Why it is ignored.</param>
internal sealed record IgnoredSetting(string Key, string File, string Reason);
