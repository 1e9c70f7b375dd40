using System.Globalization;
using Savepoint.Cli.Telemetry;
using Savepoint.Model;
using Savepoint.Policies;

namespace Savepoint.Cli.Settings;

/// <summary>
/// The settings in force, each with where it comes from: defaults, then the user's file, then the workspace's
/// <c>savepoint.json</c>, then the environment; the later wins.
/// </summary>
/// <remarks>
/// A workspace's file comes with a clone and is within an agent's reach. Until its user trusts it, it may only make things
/// safer: it has <c>durability: disk</c> and nothing else. What else it sets is listed and has no effect (docs/design/trust.md).
/// </remarks>
internal sealed class EffectiveSettings
{
    public const string StoreHomeVariable = "SAVEPOINT_HOME";

    private const string DefaultSource = "default";

    private readonly Dictionary<string, Setting> _settings = [];
    private readonly Dictionary<string, string?> _unattended = []; // without what needs trust
    private readonly List<IgnoredSetting> _ignored = [];

    private EffectiveSettings()
    {
        Set("storeHome", UserFolders.DefaultStoreHome, DefaultSource);
        Set("scanDeadline", "5s", DefaultSource);
        Set("maxFileBytes", null, DefaultSource);
        Set("maxStoreBytes", "auto", DefaultSource);
        Set("durability", "process", DefaultSource);
        Set("autoInit", "true", DefaultSource);
        Set("hookDeadline", "5s", DefaultSource);
        Set("checks.build", null, DefaultSource);
        Set("checks.test", null, DefaultSource);
        Set("checks.bench", null, DefaultSource);
        Set("checks.timeLimit", "30m", DefaultSource);
        Set("checks.onTurnEnd", "false", DefaultSource);
        foreach (var setting in PolicySettings.All)
        {
            Set(setting.Name, setting.Default, DefaultSource);
        }
    }

    /// <summary>All settings, in the order of the documentation.</summary>
    public IReadOnlyCollection<Setting> All => _settings.Values;

    /// <summary>The value of a setting.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="isAsked">Whether a user has asked for what it is about. False: a hook or the background does it, which takes trust.</param>
    /// <returns>Null for "no limit", and where it is not set.</returns>
    public string? Value(string key, bool isAsked) => isAsked ? _settings.GetValueOrDefault(key)?.Value : _unattended.GetValueOrDefault(key);

    /// <summary>Whether a hook that is installed for the user tracks a repository at its first prompt.</summary>
    public bool AutoInit => _settings["autoInit"].Value == "true";

    /// <summary>How long a hook may hold its client up.</summary>
    public TimeSpan HookDeadline => DurationSetting.TryParse(_settings["hookDeadline"].Value!)!.Value;

    /// <summary>What the workspace's file sets without effect.</summary>
    public IReadOnlyList<IgnoredSetting> Ignored => _ignored;

    /// <summary>Whether the workspace's file is trusted; null where no workspace was asked about, or its file has a fault.</summary>
    public Trust? Trust { get; private set; }

    /// <summary>Reads what applies to a workspace, or, if null, what applies everywhere.</summary>
    /// <param name="workspace">The workspace's root.</param>
    /// <param name="onFault">
    /// Told of a fault in the workspace's file, which then has no effect: an agent that breaks it must not keep anybody from
    /// recording, or from taking just that back. Null: such a fault is thrown.
    /// </param>
    /// <param name="onUserFault">Told of a fault in the user's file, in place of which the defaults are in force then; nothing new is tracked by itself. Null: such a fault is thrown.</param>
    /// <exception cref="SavepointException">A file or value cannot be used.</exception>
    public static EffectiveSettings Load(string? workspace, Action<SavepointException>? onFault = null, Action<SavepointException>? onUserFault = null)
    {
        var settings = new EffectiveSettings();
        try
        {
            settings.ApplyUser();
        }
        catch (SavepointException e) when (onUserFault is not null)
        {
            settings.Set("autoInit", "false", DefaultSource);
            onUserFault(e);
        }

        if (Environment.GetEnvironmentVariable(StoreHomeVariable) is { Length: > 0 } storeHome)
        {
            settings.Set("storeHome", Path.IsPathFullyQualified(storeHome) ? Path.GetFullPath(storeHome) : throw RelativeStoreHome(storeHome), StoreHomeVariable);
        }

        try
        {
            if (workspace is not null)
            {
                settings.ApplyWorkspace(workspace);
            }
        }
        catch (SavepointException e) when (onFault is not null)
        {
            onFault(e);
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
        MaxStoreBytes = _settings["maxStoreBytes"].Value switch { null => long.MaxValue, "auto" => null, var bytes => long.Parse(bytes, CultureInfo.InvariantCulture) },
        Durability = _settings["durability"].Value == "disk" ? Durability.Disk : Durability.Process,
        HasTelemetry = OtlpEndpoint.IsSet,
        Policies = Policies(isAsked: false),
    };

    /// <summary>What the policies may do.</summary>
    /// <param name="isAsked">Whether a user asks for what they judge. False: triggers that an untrusted file sets have no effect.</param>
    public PolicyOptions Policies(bool isAsked) => PolicySettings.ToOptions(key => Value(key, isAsked)!);

    private void ApplyUser()
    {
        if (UserFolders.SettingsFile is { } file && SettingsFile.Read(file) is { } bytes)
        {
            foreach (var (key, text) in Parse(file, bytes))
            {
                Set(key.Name, text, file);
            }
        }
    }

    // What is hashed is what is parsed: read once.
    private void ApplyWorkspace(string workspace)
    {
        var file = Path.Combine(workspace, Trust.FileName);
        var bytes = SettingsFile.Read(file);
        var values = bytes is null ? [] : Parse(file, bytes);
        var trust = Trust.Of(_settings["storeHome"].Value, workspace, bytes);
        Trust = trust;
        foreach (var (key, text) in values)
        {
            if (WhyIgnored(trust, key, text) is { } reason)
            {
                _ignored.Add(new IgnoredSetting(key.Name, file, reason));
            }
            else
            {
                Set(key.Name, text, file, needsTrust: key.Right == SettingRight.Command && !trust.IsTrusted);
            }
        }
    }

    private static SavepointException RelativeStoreHome(string value) =>
        new(ErrorCode.InvalidSettings, $"{StoreHomeVariable} is '{value}', a relative path: each directory would have histories of its own.", $"Set {StoreHomeVariable} to an absolute path.");

    private static string? WhyIgnored(Trust trust, SettingKey key, string? text) => key.Right switch
    {
        SettingRight.User => "only the user's own file may set it",
        SettingRight.Command => null,
        _ when trust.IsTrusted || (text is not null && text == key.SaferValue) => null,
        _ => trust.State == TrustState.Changed ? "the file was changed since it was trusted" : "the file is not trusted",
    };

    private static List<(SettingKey Key, string? Text)> Parse(string file, byte[] bytes)
    {
        var values = new List<(SettingKey Key, string? Text)>();
        foreach (var (name, value) in SettingsFile.Parse(file, bytes))
        {
            var key = SettingKey.Find(name) ?? throw SettingsFile.InvalidKey(file, name, "there is no such setting");
            var (isValid, text) = key.Read(value);
            values.Add(isValid ? (key, text) : throw SettingsFile.InvalidKey(file, name, $"{key.Expected} is expected"));
        }

        return values;
    }

    private void Set(string key, string? value, string source, bool needsTrust = false)
    {
        _settings[key] = new Setting(key, value, source) { NeedsTrust = needsTrust };
        if (!needsTrust)
        {
            _unattended[key] = value;
        }
    }
}
