using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Savepoint.Extensions.AI;

/// <summary>
/// A call's arguments, as a model sent them (<see cref="JsonElement"/>s) or a program put them. What is missing or of the
/// wrong type is an <see cref="ArgumentException"/> that a model can act on.
/// </summary>
internal readonly struct ToolArguments(AIFunctionArguments arguments)
{
    public string Text(string name) => TextOrNull(name) ?? throw Wrong(name, "a string is needed");

    public string? TextOrNull(string name) => Value(name) switch
    {
        null => null,
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } element => element.GetString(),
        _ => throw Wrong(name, "a string is needed"),
    };

    public int Number(string name) => NumberOrNull(name) ?? throw Wrong(name, "an integer is needed");

    public int? NumberOrNull(string name) => Value(name) switch
    {
        null => null,
        int number => number,
        long number and >= int.MinValue and <= int.MaxValue => (int)number,
        JsonElement { ValueKind: JsonValueKind.Number } element when element.TryGetInt32(out var number) => number,
        JsonElement { ValueKind: JsonValueKind.String } element when int.TryParse(element.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        _ => throw Wrong(name, "an integer is needed"),
    };

    public bool Flag(string name, bool otherwise) => Value(name) switch
    {
        null => otherwise,
        bool flag => flag,
        JsonElement { ValueKind: JsonValueKind.True } => true,
        JsonElement { ValueKind: JsonValueKind.False } => false,
        _ => throw Wrong(name, "true or false is needed"),
    };

    public IReadOnlyList<string> Texts(string name) => Value(name) switch
    {
        null => [],
        string text => [text],
        IEnumerable<string> texts => [.. texts],
        JsonElement { ValueKind: JsonValueKind.String } element => [element.GetString()!],
        JsonElement { ValueKind: JsonValueKind.Array } element when element.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) => [.. element.EnumerateArray().Select(item => item.GetString()!)],
        _ => throw Wrong(name, "a list of strings is needed"),
    };

    private object? Value(string name) => arguments.TryGetValue(name, out var value) && value is not JsonElement { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } ? value : null;

    private static ArgumentException Wrong(string name, string what) => new($"The argument '{name}' cannot be used: {what}.");
}
