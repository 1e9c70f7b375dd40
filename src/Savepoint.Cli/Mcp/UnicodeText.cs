using System.Text.Json;
using System.Text.Unicode;

namespace Savepoint.Cli.Mcp;

/// <summary>
/// Whether a line is Unicode: JSON's grammar takes half a surrogate pair as an escape, and the parser takes bytes that are no
/// UTF-8 inside of strings. Both throw only once somebody asks for that string, which may be anywhere in the SDK.
/// </summary>
internal static class UnicodeText
{
    public static bool IsIn(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
        {
            return false;
        }

        // Only escapes of surrogates, \ud800 to \udfff, can be halves.
        return (json.IndexOf("\\ud"u8) < 0 && json.IndexOf("\\uD"u8) < 0) || AreStringsWhole(json);
    }

    /// <summary>What is no Unicode, as a sentence begins with it.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static string Culprit(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { AllowMultipleValues = true });
        var member = "";
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.GetString() is { } text)
                {
                    member = reader.TokenType == JsonTokenType.PropertyName ? text : member;
                }
            }
        }
        catch (InvalidOperationException)
        {
            return reader.TokenType == JsonTokenType.PropertyName ? "The name of a member" : $"'{member}'";
        }

        return "A string";
    }

    /// <exception cref="JsonException">It is no JSON.</exception>
    private static bool AreStringsWhole(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { AllowMultipleValues = true });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                {
                    _ = reader.GetString();
                }
            }

            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
