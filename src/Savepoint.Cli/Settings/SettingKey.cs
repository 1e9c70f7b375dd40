using System.Globalization;
using System.Text.Json;

namespace Savepoint.Cli.Settings;

/// <summary>Who decides a setting.</summary>
internal enum SettingRight
{
    /// <summary>Only the user's own file: it is about more than one workspace.</summary>
    User,

    /// <summary>A workspace's file too, once it is trusted; before that, only to make things safer.</summary>
    Trusted,

    /// <summary>
    /// A workspace's file too: what runs, or acts by itself. Where a user asks for it, at once; from hooks and in the background, once the
    /// file is trusted.
    /// </summary>
    Command,
}

/// <summary>One setting that there is.</summary>
/// <param name="Name">Its name in a settings file; <c>a.b</c> for the member b of the object a.</param>
/// <param name="Right">Who decides it.</param>
/// <param name="Expected">What it takes, as the end of "… is expected".</param>
/// <param name="Read">The value in the form that <c>config</c> shows, null for "no limit"; fails with what is none.</param>
internal sealed record SettingKey(string Name, SettingRight Right, string Expected, Func<JsonElement, (bool IsValid, string? Text)> Read)
{
    private static (bool IsValid, string? Text) None => default;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<SettingKey> All { get; } =
    [
        new("storeHome", SettingRight.User, "an absolute path", value => Text(value) is { } path && Path.IsPathFullyQualified(path) ? (true, path) : None),
        new("scanDeadline", SettingRight.Trusted, "a duration like \"500ms\", \"5s\" or \"2m\", or \"none\",", value => Text(value) is { } text && DurationSetting.TryParse(text) is { } duration ? (true, DurationSetting.Format(duration)) : None),
        new("maxFileBytes", SettingRight.Trusted, "a number of bytes, 0 or more, or null for no limit,", Limit),
        new("maxStoreBytes", SettingRight.Trusted, "a number of bytes, 1 or more, \"auto\" for the smaller of 10 GB and a tenth of the disk, or null for no limit,", Quota),
        new("durability", SettingRight.Trusted, "\"process\" or \"disk\"", value => Text(value) is "process" or "disk" ? (true, Text(value)) : None) { SaferValue = "disk" },
        new("autoInit", SettingRight.User, "true or false", Flag),
        new("hookDeadline", SettingRight.User, "a duration like \"500ms\" or \"5s\"", value => Text(value) is { } text && DurationSetting.TryParse(text) is { Ticks: > 0 } duration ? (true, DurationSetting.Format(duration)) : None),
        new("checks.build", SettingRight.Command, "a command, \"\" for none, or null for what the project suggests,", Line),
        new("checks.test", SettingRight.Command, "a command, \"\" for none, or null for what the project suggests,", Line),
        new("checks.bench", SettingRight.Command, "a command, or null for none,", Line),
        new("checks.timeLimit", SettingRight.Command, "a duration like \"90s\" or \"30m\", or \"none\",", value => Text(value) is { } text && DurationSetting.TryParse(text) is { } duration ? (true, DurationSetting.Format(duration)) : None),
        new("checks.onTurnEnd", SettingRight.Command, "true or false", Flag),
        .. PolicySettings.All.Select(setting => new SettingKey(setting.Name, setting.Right, setting.Expected, value => setting.Read(value) is { } text ? (true, text) : None)),
    ];

    /// <summary>The value that a workspace's file may set without being trusted; null if there is none.</summary>
    public string? SaferValue { get; init; }

    public static SettingKey? Find(string name) => All.FirstOrDefault(key => key.Name == name);

    private static string? Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static (bool IsValid, string? Text) Line(JsonElement value) =>
        value.ValueKind == JsonValueKind.Null ? (true, null) : Text(value) is { } command && !command.Contains('\0', StringComparison.Ordinal) ? (true, command.Trim()) : None;

    private static (bool IsValid, string? Text) Flag(JsonElement value) =>
        value.ValueKind is JsonValueKind.True or JsonValueKind.False ? (true, value.GetBoolean() ? "true" : "false") : None;

    private static (bool IsValid, string? Text) Limit(JsonElement value) =>
        value.ValueKind == JsonValueKind.Null ? (true, null)
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var limit) && limit >= 0 ? (true, limit.ToString(CultureInfo.InvariantCulture))
        : None;

    private static (bool IsValid, string? Text) Quota(JsonElement value) =>
        value.ValueKind == JsonValueKind.Null ? (true, null)
        : Text(value) == "auto" ? (true, "auto")
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var quota) && quota > 0 ? (true, quota.ToString(CultureInfo.InvariantCulture))
        : None;
}
