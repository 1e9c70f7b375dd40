using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Savepoint.Cli.Hooks;

/// <summary>
/// Reads values out of a hook's JSON. What is missing, is of another type than documented or no text is null: clients differ, and
/// change. Each member is found by either of its spellings, <c>tool_input</c> and <c>toolInput</c>; here it is named by the first.
/// </summary>
internal static partial class HookPayload
{
    /// <summary>In UTF-16 units. Clients' own names have some forty.</summary>
    private const int MaxNameLength = 200;

    /// <summary>As <see cref="Text"/>, of what names something in each snapshot: one too long for that is cut.</summary>
    public static string? Name(JsonElement from, params ReadOnlySpan<string> names) => Text(from, names) is { } name ? Cut(name, MaxNameLength) : null;

    /// <summary>The first of these members that is a text with something in it.</summary>
    public static string? Text(JsonElement from, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (StringOf(Member(from, name)) is { Length: > 0 } value)
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>A member of an object; nothing where there is none, or where the names beside it are no text.</summary>
    public static JsonElement Member(JsonElement from, string name)
    {
        try
        {
            return from.ValueKind == JsonValueKind.Object && (from.TryGetProperty(name, out var value) || from.TryGetProperty(CamelCase(name), out value)) ? value : default;
        }
        catch (InvalidOperationException)
        {
            return default;
        }
    }

    public static bool IsTrue(JsonElement from, string name) => Member(from, name).ValueKind == JsonValueKind.True;

    public static TimeSpan? Milliseconds(JsonElement from, string name) =>
        Member(from, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetDouble(out var value) && value is >= 0 and < 1e12 ? TimeSpan.FromMilliseconds(value) : null;

    public static DateTimeOffset? Time(JsonElement from, string name) =>
        DateTimeOffset.TryParse(Text(from, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    public static int? Number(JsonElement from, string name) =>
        Member(from, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var value) ? value : null;

    /// <summary>The exit code that a client writes into its text for the model; null if there is none.</summary>
    public static int? ExitCodeIn(string? text) =>
        text is not null && ExitCodeLine().Match(text) is { Success: true } match && int.TryParse(match.Groups[1].Value, CultureInfo.InvariantCulture, out var code) ? code : null;

    /// <summary>A command line or a prompt as one line of the log, cut at so many characters.</summary>
    public static string? OneLine(string? text, int longest = 200)
    {
        const int MaxSplitLength = 10_000;
        var line = text is null ? null : string.Join(' ', Cut(text, MaxSplitLength).Split((char[])[' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries));
        return line is not null && line.Length > longest ? Cut(line, longest) + "…" : line;
    }

    /// <summary>The text of an element; null if it is none, such as one that was cut between two halves of a character.</summary>
    public static string? StringOf(JsonElement element)
    {
        try
        {
            return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string CamelCase(string name) =>
        string.Concat(name.Split('_').Select((word, index) => index == 0 || word.Length == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));

    private static string Cut(string text, int length) =>
        text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];

    [GeneratedRegex(@"^Exit code:? (\d{1,3})\s*$", RegexOptions.Multiline | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ExitCodeLine();
}
