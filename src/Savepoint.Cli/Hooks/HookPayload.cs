using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Savepoint.Cli.Hooks;

/// <summary>Reads values out of a hook's JSON. What is missing, or is of another type than documented, is null: clients differ, and change.</summary>
internal static partial class HookPayload
{
    /// <summary>The first of these members that is a text with something in it.</summary>
    public static string? Text(JsonElement from, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Member(from, name) is { ValueKind: JsonValueKind.String } text && text.GetString() is { Length: > 0 } value)
            {
                return value;
            }
        }

        return null;
    }

    public static JsonElement Member(JsonElement from, string name) =>
        from.ValueKind == JsonValueKind.Object && from.TryGetProperty(name, out var value) ? value : default;

    public static bool IsTrue(JsonElement from, string name) => Member(from, name).ValueKind == JsonValueKind.True;

    public static TimeSpan? Milliseconds(JsonElement from, string name) =>
        Member(from, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetDouble(out var value) && value is >= 0 and < 1e12 ? TimeSpan.FromMilliseconds(value) : null;

    public static int? Number(JsonElement from, string name) =>
        Member(from, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var value) ? value : null;

    /// <summary>The exit code that a client writes into its text for the model; null if there is none.</summary>
    public static int? ExitCodeIn(string? text) =>
        text is not null && ExitCodeLine().Match(text) is { Success: true } match && int.TryParse(match.Groups[1].Value, CultureInfo.InvariantCulture, out var code) ? code : null;

    // A command line as one line of the log.
    public static string? OneLine(string? text)
    {
        const int Longest = 200;
        var line = text is null ? null : string.Join(' ', text.Split((char[])[' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries));
        return line is { Length: > Longest } ? line[..(char.IsHighSurrogate(line[Longest - 1]) ? Longest - 1 : Longest)] + "…" : line;
    }

    [GeneratedRegex(@"^Exit code:? (\d{1,3})\s*$", RegexOptions.Multiline | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ExitCodeLine();
}
