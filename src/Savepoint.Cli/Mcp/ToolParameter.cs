using System.Text.Json;

namespace Savepoint.Cli.Mcp;

/// <summary>The kinds of values that a tool takes.</summary>
internal enum ParameterKind
{
    Text,
    Texts,
    Number,
    Flag,
}

/// <summary>One parameter of a tool: what its schema says is what is checked.</summary>
/// <param name="Name">Its name, camelCase.</param>
/// <param name="Kind">What it takes.</param>
/// <param name="Description">What it means, for a model; empty where the name says it.</param>
internal sealed record ToolParameter(string Name, ParameterKind Kind, string Description = "")
{
    public bool IsRequired { get; init; }

    /// <summary>The least number; numbers have no other limit but <see cref="Maximum"/>.</summary>
    public int Minimum { get; init; } = 1;

    public int? Maximum { get; init; }

    /// <summary>The only texts that are taken; null for any.</summary>
    public IReadOnlyList<string>? Choices { get; init; }

    /// <summary>Its schema, as a member of <c>properties</c>.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject(Name);
        json.WriteString("type", Kind switch
        {
            ParameterKind.Text => "string",
            ParameterKind.Texts => "array",
            ParameterKind.Number => "integer",
            _ => "boolean",
        });
        if (Kind == ParameterKind.Texts)
        {
            json.WriteStartObject("items");
            json.WriteString("type", "string");
            json.WriteEndObject();
        }

        if (Kind == ParameterKind.Number)
        {
            json.WriteNumber("minimum", Minimum);
        }

        if (Maximum is { } maximum)
        {
            json.WriteNumber("maximum", maximum);
        }

        if (Choices is { } choices)
        {
            json.WriteStartArray("enum");
            foreach (var choice in choices)
            {
                json.WriteStringValue(choice);
            }

            json.WriteEndArray();
        }

        if (Description.Length > 0)
        {
            json.WriteString("description", Description);
        }

        json.WriteEndObject();
    }
}
