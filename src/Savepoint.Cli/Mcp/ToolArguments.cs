using System.Globalization;
using System.Text.Json;

namespace Savepoint.Cli.Mcp;

/// <summary>
/// The arguments of one call, checked against the tool's parameters. What is wrong is said so that a model can mend it:
/// what was found, and what is taken instead. Models write <c>null</c> for what they leave out, <c>42</c> for a revision
/// and <c>"3"</c> for a number: that is understood.
/// </summary>
internal sealed class ToolArguments
{
    private readonly Dictionary<string, JsonElement> _values = [];

    /// <exception cref="UsageException">An argument is unknown, missing, or of another kind.</exception>
    public ToolArguments(IReadOnlyList<ToolParameter> parameters, IEnumerable<KeyValuePair<string, JsonElement>>? arguments)
    {
        foreach (var (name, value) in arguments ?? [])
        {
            if (value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
            {
                continue;
            }

            var parameter = parameters.FirstOrDefault(parameter => parameter.Name == name)
                ?? throw new UsageException($"There is no argument '{name}'.", parameters.Count == 0 ? "This tool takes none." : $"It takes: {string.Join(", ", parameters.Select(known => known.Name))}.");
            if (Problem(parameter, value) is { } problem)
            {
                throw new UsageException($"The argument '{name}' {problem}.", parameter.Description);
            }

            _values[name] = value;
        }

        if (parameters.FirstOrDefault(parameter => parameter.IsRequired && !_values.ContainsKey(parameter.Name)) is { } missing)
        {
            throw new UsageException($"The argument '{missing.Name}' is missing.", missing.Description);
        }
    }

    /// <summary>The text of an argument; null if it was left out.</summary>
    public string? Text(string name) => _values.TryGetValue(name, out var value) ? AsText(value) : null;

    /// <summary>The texts of an argument; null if it was left out or is empty.</summary>
    public string[]? Texts(string name) => !_values.TryGetValue(name, out var value) ? null
        : value.ValueKind != JsonValueKind.Array ? [AsText(value)!]
        : value.GetArrayLength() == 0 ? null : [.. value.EnumerateArray().Select(item => AsText(item)!)];

    public int? Number(string name) => _values.TryGetValue(name, out var value) ? AsNumber(value) : null;

    public bool? Flag(string name) => _values.TryGetValue(name, out var value) ? AsFlag(value) : null;

    private static string? Problem(ToolParameter parameter, JsonElement value) => parameter.Kind switch
    {
        ParameterKind.Text => AsText(value) is not { } text ? "must be a string"
            : parameter.Choices is { } choices && !choices.Contains(text) ? $"is '{text}': {string.Join(", ", choices)} are the choices" : null,
        ParameterKind.Texts => value.ValueKind == JsonValueKind.Array
            ? (value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String && AsText(item) is not null) ? null : "must be an array of strings")
            : AsText(value) is null ? "must be an array of strings" : null,
        ParameterKind.Number => AsNumber(value) is { } number && number >= parameter.Minimum && number <= (parameter.Maximum ?? int.MaxValue) ? null
            : parameter.Maximum is { } maximum ? $"must be a whole number from {parameter.Minimum} to {maximum}" : $"must be a whole number, {parameter.Minimum} or more",
        _ => AsFlag(value) is null ? "must be true or false" : null,
    };

    private static string? AsText(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => StringOf(value),
        JsonValueKind.Number when value.TryGetInt64(out var number) => number.ToString(CultureInfo.InvariantCulture),
        _ => null,
    };

    /// <summary>The string; null if it is none in Unicode: half a surrogate pair, as an escape.</summary>
    private static string? StringOf(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static int? AsNumber(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number
        : value.ValueKind == JsonValueKind.String && int.TryParse(StringOf(value), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number) ? number
        : null;

    private static bool? AsFlag(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String when bool.TryParse(StringOf(value), out var flag) => flag,
        _ => null,
    };
}
