namespace Savepoint.Workspaces.Git;

/// <summary>Where the user's own git settings are. The executable finds out; the library reads no environment.</summary>
internal sealed record GitUserSettings
{
    /// <summary>Nothing known: only the repository's own files count.</summary>
    public static GitUserSettings None { get; } = new();

    /// <summary>
    /// The config files outside the repository, the weakest first: <c>/etc/gitconfig</c>, <c>git/config</c> in
    /// <see cref="ConfigHome"/>, <c>~/.gitconfig</c>; or the one that <c>GIT_CONFIG_GLOBAL</c> names. They need not exist.
    /// </summary>
    public IReadOnlyList<string> ConfigFiles { get; init; } = [];

    /// <summary>What <c>~</c> stands for; null if unknown.</summary>
    public string? HomeDirectory { get; init; }

    /// <summary>The value of <c>XDG_CONFIG_HOME</c>; null or empty for <c>.config</c> in the home directory.</summary>
    public string? ConfigHome { get; init; }
}
