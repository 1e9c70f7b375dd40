using System.Text.Json;
using System.Text.RegularExpressions;

namespace Savepoint.Cli.Tests;

/// <summary>
/// Holds JSON against a published schema: as much of JSON Schema 2020-12 as our schemas use. Stricter in one point: a member
/// that the schema does not name is a fault, so that nothing is answered undocumented. A keyword it does not know is a
/// fault of the schema.
/// </summary>
internal static class JsonSchema
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Schemas");

    public static void Check(string schema, JsonElement value)
    {
        var faults = new List<string>();
        Check(Load($"{schema}.schema.json"), value, "$", faults);
        Assert.True(faults.Count == 0, $"{schema}: {string.Join("; ", faults)}\n{value}");
    }

    private static void Check(JsonElement schema, JsonElement value, string at, List<string> faults)
    {
        foreach (var keyword in schema.EnumerateObject())
        {
            switch (keyword.Name)
            {
                case "$ref":
                    Check(Resolve(keyword.Value.GetString()!), value, at, faults);
                    break;
                case "type":
                    CheckType(keyword.Value, value, at, faults);
                    break;
                case "enum":
                    Require(keyword.Value.EnumerateArray().Any(choice => choice.GetString() == value.GetString()), $"{at} is {value}", faults);
                    break;
                case "pattern":
                    Require(value.ValueKind != JsonValueKind.String || Regex.IsMatch(value.GetString()!, keyword.Value.GetString()!), $"{at} is {value}", faults);
                    break;
                case "minimum":
                    Require(value.ValueKind != JsonValueKind.Number || value.GetDouble() >= keyword.Value.GetDouble(), $"{at} is {value}", faults);
                    break;
                case "properties":
                    CheckProperties(keyword.Value, value, at, faults);
                    break;
                case "required":
                    foreach (var name in keyword.Value.EnumerateArray().Select(name => name.GetString()!))
                    {
                        Require(value.ValueKind != JsonValueKind.Object || value.TryGetProperty(name, out _), $"{at} has no {name}", faults);
                    }

                    break;
                case "items":
                    CheckItems(keyword.Value, value, at, faults);
                    break;
                case "oneOf":
                    Require(keyword.Value.EnumerateArray().Count(choice => Fits(choice, value)) == 1, $"{at} does not fit one of the forms", faults);
                    break;
                case "$schema" or "$id" or "$defs" or "title" or "description":
                    break;
                default:
                    faults.Add($"the schema has {keyword.Name}, which is not checked");
                    break;
            }
        }
    }

    private static bool Fits(JsonElement schema, JsonElement value)
    {
        var faults = new List<string>();
        Check(schema, value, "$", faults);
        return faults.Count == 0;
    }

    private static void CheckProperties(JsonElement properties, JsonElement value, string at, List<string> faults)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (var member in value.EnumerateObject())
        {
            if (properties.TryGetProperty(member.Name, out var schema))
            {
                Check(schema, member.Value, $"{at}.{member.Name}", faults);
            }
            else
            {
                faults.Add($"{at}.{member.Name} is not documented");
            }
        }
    }

    private static void CheckItems(JsonElement schema, JsonElement value, string at, List<string> faults)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var (i, item) in value.EnumerateArray().Index())
            {
                Check(schema, item, $"{at}[{i}]", faults);
            }
        }
    }

    private static void CheckType(JsonElement types, JsonElement value, string at, List<string> faults)
    {
        var allowed = types.ValueKind == JsonValueKind.Array ? types.EnumerateArray().Select(type => type.GetString()!) : [types.GetString()!];
        Require(allowed.Any(type => IsOf(type, value)), $"{at} is {value.ValueKind}, not {types}", faults);
    }

    private static bool IsOf(string type, JsonElement value) => type switch
    {
        "null" => value.ValueKind == JsonValueKind.Null,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "number" => value.ValueKind == JsonValueKind.Number,
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        _ => false,
    };

    private static void Require(bool holds, string fault, List<string> faults)
    {
        if (!holds)
        {
            faults.Add(fault);
        }
    }

    private static JsonElement Resolve(string reference)
    {
        var parts = reference.Split("#/$defs/");
        return Load(parts[0]).GetProperty("$defs").GetProperty(parts[1]);
    }

    private static JsonElement Load(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, file)));
        return document.RootElement.Clone();
    }
}
