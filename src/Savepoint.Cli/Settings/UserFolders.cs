namespace Savepoint.Cli.Settings;

/// <summary>Where this user's files are, from the environment: the one place that reads it.</summary>
internal static class UserFolders
{
    /// <summary>The home directory; null if the environment names none.</summary>
    public static string? Home => OperatingSystem.IsWindows()
        ? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } profile ? profile : null
        : Absolute("HOME");

    /// <summary><c>XDG_CONFIG_HOME</c>; null if it is not set, which means <c>.config</c> in the home directory.</summary>
    public static string? ConfigHome => Absolute("XDG_CONFIG_HOME");

    /// <summary>Where Claude Code has its configuration, if not in <c>.claude</c> in the home directory; null if it is there.</summary>
    public static string? ClaudeConfig => Absolute("CLAUDE_CONFIG_DIR");

    /// <summary>Where Codex has its configuration, if not in <c>.codex</c> in the home directory; null if it is there.</summary>
    public static string? CodexHome => Absolute("CODEX_HOME");

    /// <summary>What Gemini CLI takes for the home directory; null if the real one.</summary>
    public static string? GeminiHome => Absolute("GEMINI_CLI_HOME");

    /// <summary>The user's settings file; null if there is no home directory.</summary>
    public static string? SettingsFile => ConfigHome is { } config ? Path.Combine(config, "savepoint", "config.json")
        : OperatingSystem.IsWindows() ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "savepoint", "config.json")
        : Home is { } home ? Path.Combine(home, ".config", "savepoint", "config.json")
        : null;

    /// <summary>Where the stores are unless something else is said; null if there is no home directory.</summary>
    public static string? DefaultStoreHome => Absolute("XDG_STATE_HOME") is { } state ? Path.Combine(state, "savepoint")
        : OperatingSystem.IsWindows() ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "savepoint")
        : Home is not { } home ? null
        : OperatingSystem.IsMacOS() ? Path.Combine(home, "Library", "Application Support", "savepoint")
        : Path.Combine(home, ".local", "state", "savepoint");

    // The XDG specification: a path that is not absolute is to be ignored.
    private static string? Absolute(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value && Path.IsPathFullyQualified(value) ? value : null;
}
