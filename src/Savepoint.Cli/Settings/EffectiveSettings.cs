using System.Globalization;
using System.Text.Json;
using Savepoint.Model;

namespace Savepoint.Cli.Settings;

/// <summary>
/// The settings in force, each with where it comes from: defaults, then the user's file, then the workspace's
/// <c>savepoint.json</c>, then the environment; the later wins.
/// </summary>
/// <remarks>
/// A workspace's file comes with a clone and is within an agent's reach, so it may only make things safer: it has
/// <c>durability: disk</c> and nothing else. What else it sets is listed and has no effect.
/// </remarks>
internal sealed class EffectiveSettings
{
    public const string WorkspaceFileName = "savepoint.json";
    public const string StoreHomeVariable = "SAVEPOINT_HOME";

    private const string DefaultSource = "default";

    private readonly Dictionary<string, Setting> _settings = [];
    private readonly List<IgnoredSetting> _ignored = [];

    private EffectiveSettings()
    {
        Set("storeHome", UserFolders.DefaultStoreHome, DefaultSource);
        Set("scanDeadline", "5s", DefaultSource);
        Set("maxFileBytes", null, DefaultSource);
        Set("durability", "process", DefaultSource);
        Set("autoInit", "true", DefaultSource);
    }

    /// <summary>All settings, in the order of the documentation.</summary>
    public IReadOnlyCollection<Setting> All => _settings.Values;

    /// <summary>Whether a hook that is installed for the user tracks a repository at its first prompt.</summary>
    public bool AutoInit => _settings["autoInit"].Value == "true";

    /// <summary>What the workspace's file sets without effect.</summary>
    public IReadOnlyList<IgnoredSetting> Ignored => _ignored;

    /// <summary>Reads what applies to a workspace, or, if null, what applies everywhere.</summary>
    /// <exception cref="SavepointException">A file or value cannot be used.</exception>
    public static EffectiveSettings Load(string? workspace)
    {
        var settings = new EffectiveSettings();
        if (UserFolders.SettingsFile is { } userFile)
        {
            settings.Apply(userFile, isTrusted: true);
        }

        if (workspace is not null)
        {
            settings.Apply(Path.Combine(workspace, WorkspaceFileName), isTrusted: false);
        }

        if (Environment.GetEnvironmentVariable(StoreHomeVariable) is { Length: > 0 } storeHome)
        {
            settings.Set("storeHome", Path.GetFullPath(storeHome), StoreHomeVariable);
        }

        return settings;
    }

    /// <summary>The settings as the library takes them.</summary>
    public SnapshotOptions ToOptions() => new()
    {
        StoreHome = _settings["storeHome"].Value
            ?? throw new SavepointException(ErrorCode.InvalidSettings, "There is no home directory to keep histories in.", $"Set HOME, or {StoreHomeVariable} to a directory."),
        HomeDirectory = UserFolders.Home,
        ConfigHome = UserFolders.ConfigHome,
        ScanDeadline = DurationSetting.TryParse(_settings["scanDeadline"].Value!)!.Value,
        MaxFileBytes = _settings["maxFileBytes"].Value is { } limit ? long.Parse(limit, CultureInfo.InvariantCulture) : long.MaxValue,
        Durability = _settings["durability"].Value == "disk" ? Durability.Disk : Durability.Process,
    };

    private void Apply(string file, bool isTrusted)
    {
        foreach (var (key, value) in SettingsFile.Read(file) ?? [])
        {
            var parsed = Parse(file, key, value);
            if (isTrusted || (key, parsed) is ("durability", "disk"))
            {
                Set(key, parsed, file);
            }
            else
            {
                _ignored.Add(new IgnoredSetting(key, file, "only the user's own file may set it"));
            }
        }
    }

    private static string? Parse(string file, string key, JsonElement value) => key switch
    {
        "storeHome" => value.ValueKind == JsonValueKind.String && Path.IsPathFullyQualified(value.GetString()!)
            ? value.GetString()
            : throw SettingsFile.InvalidKey(file, key, "an absolute path is expected"),
        "scanDeadline" => value.ValueKind == JsonValueKind.String && DurationSetting.TryParse(value.GetString()!) is { } duration
            ? DurationSetting.Format(duration)
            : throw SettingsFile.InvalidKey(file, key, "a duration like \"500ms\", \"5s\" or \"2m\", or \"none\", is expected"),
        "maxFileBytes" => value.ValueKind == JsonValueKind.Null ? null
            : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var limit) && limit >= 0
                ? limit.ToString(CultureInfo.InvariantCulture)
                : throw SettingsFile.InvalidKey(file, key, "a number of bytes, 0 or more, or null for no limit, is expected"),
        "durability" => value.ValueKind == JsonValueKind.String && value.GetString() is "process" or "disk"
            ? value.GetString()
            : throw SettingsFile.InvalidKey(file, key, "\"process\" or \"disk\" is expected"),
        "autoInit" => value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? (value.GetBoolean() ? "true" : "false")
            : throw SettingsFile.InvalidKey(file, key, "true or false is expected"),
        _ => throw SettingsFile.InvalidKey(file, key, "there is no such setting"),
    };

    private void Set(string key, string? value, string source) => _settings[key] = new Setting(key, value, source);
}
