using System.Text.Json;

namespace Savepoint.Cli.ConfigText;

/// <summary>
/// A JSON text with where everything in it stands, so that it can be edited without being written anew. Comments and
/// trailing commas are allowed, as the clients allow them, and so is a byte order mark.
/// </summary>
internal sealed class JsonText
{
    private const int DeepestNesting = 256;

    private JsonText(byte[] bytes) => Bytes = bytes;

    public byte[] Bytes { get; }

    /// <summary>The whole value; null if the text has none: it is empty, or nothing but white space and comments.</summary>
    public JsonSpan? Root { get; private set; }

    /// <exception cref="JsonException">The text is no JSON.</exception>
    public static JsonText Parse(byte[] bytes)
    {
        var text = new JsonText(bytes);
        var start = bytes.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0;
        if (text.SkipTrivia(start) < bytes.Length)
        {
            text.Read(start);
        }

        return text;
    }

    /// <summary>The value that stands there.</summary>
    public JsonElement ValueOf(JsonSpan span)
    {
        var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = DeepestNesting };
        using var document = JsonDocument.Parse(Bytes.AsMemory(span.ValueStart, span.End - span.ValueStart), options);
        return document.RootElement.Clone();
    }

    /// <summary>The offset of the next byte that is neither white space nor in a comment.</summary>
    public int SkipTrivia(int at)
    {
        while (at < Bytes.Length)
        {
            if (Bytes[at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            {
                at++;
            }
            else if (EndOfComment(at) is { } end)
            {
                at = end;
            }
            else
            {
                break;
            }
        }

        return at;
    }

    /// <summary>The offset behind the comments that follow on the same line; <paramref name="at"/> if there is none.</summary>
    public int SkipCommentsOfLine(int at)
    {
        var end = at;
        while (at < Bytes.Length && Bytes[at] is (byte)' ' or (byte)'\t' or (byte)'/')
        {
            if (EndOfComment(at) is { } behind)
            {
                (at, end) = (behind, behind);
            }
            else
            {
                at++;
            }
        }

        return end;
    }

    /// <summary>The offset of the comma behind this child of an object or array; null if there is none.</summary>
    public int? CommaAfter(JsonSpan child) =>
        SkipTrivia(child.End) is var at && at < Bytes.Length && Bytes[at] == (byte)',' ? at : null;

    private int? EndOfComment(int at)
    {
        var rest = Bytes.AsSpan(at);
        if (rest.StartsWith("//"u8))
        {
            var length = rest.IndexOfAny((byte)'\n', (byte)'\r');
            return length < 0 ? Bytes.Length : at + length;
        }

        return rest.StartsWith("/*"u8) && rest[2..].IndexOf("*/"u8) is >= 0 and var inner ? at + inner + 4 : null;
    }

    private void Read(int start)
    {
        var options = new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = DeepestNesting };
        var reader = new Utf8JsonReader(Bytes.AsSpan(start), options);
        JsonSpan? container = null;
        (string Text, int At)? name = null;
        while (reader.Read())
        {
            var at = start + (int)reader.TokenStartIndex;
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    name = (NameOf(ref reader), at);
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    container!.End = at + 1;
                    container = container.Parent;
                    break;
                default:
                    var span = new JsonSpan(KindOf(reader.TokenType), container, name?.Text, name?.At ?? at, at) { End = start + (int)reader.BytesConsumed };
                    name = null;
                    container?.Children.Add(span);
                    Root ??= span;
                    container = span.Kind is JsonValueKind.Object or JsonValueKind.Array ? span : container;
                    break;
            }
        }
    }

    private static string NameOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("a name is not UTF-8", e);
        }
    }

    private static JsonValueKind KindOf(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => JsonValueKind.Object,
        JsonTokenType.StartArray => JsonValueKind.Array,
        JsonTokenType.String => JsonValueKind.String,
        JsonTokenType.Number => JsonValueKind.Number,
        JsonTokenType.True => JsonValueKind.True,
        JsonTokenType.False => JsonValueKind.False,
        _ => JsonValueKind.Null,
    };
}
