using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Savepoint.Cli.ConfigText;

/// <summary>How a JSON text is laid out: its line ends and indentation, for what is added to look like the rest.</summary>
internal sealed class JsonStyle
{
    private const string DefaultUnit = "  ";

    private readonly JsonText _text;

    public JsonStyle(JsonText text)
    {
        _text = text;
        var newLine = text.Bytes.AsSpan().IndexOf((byte)'\n');
        NewLine = newLine > 0 && text.Bytes[newLine - 1] == (byte)'\r' ? "\r\n" : "\n";
        Unit = UnitOf(text.Root);
    }

    public string NewLine { get; }

    /// <summary>One step of indentation: blanks or tabs.</summary>
    public string Unit { get; }

    /// <summary>Whether the children of this object or array stand, or would stand, on lines of their own.</summary>
    public bool IsMultiline(JsonSpan container) => container.Children is [var first, ..]
        ? _text.Bytes.AsSpan(container.ValueStart..first.Start).Contains((byte)'\n')
        : container.Parent is null || IsMultiline(container.Parent);

    /// <summary>The indentation of the children of a container that has them on lines of their own.</summary>
    public string IndentWithin(JsonSpan container) => container.Children is [.., var last] && IsFirstOnItsLine(last.Start)
        ? IndentAt(last.Start)
        : IndentAt(container.Start) + Unit;

    /// <summary>The white space that the line begins with in which this offset is.</summary>
    public string IndentAt(int at)
    {
        var line = LineStart(at);
        var length = _text.Bytes.AsSpan(line..at).IndexOfAnyExcept((byte)' ', (byte)'\t');
        return Encoding.ASCII.GetString(_text.Bytes, line, length < 0 ? at - line : length);
    }

    /// <summary>A member or element as text, its own lines indented; on one line if <paramref name="indent"/> is null.</summary>
    public string Format(string? name, JsonElement value, string? indent)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var options = new JsonWriterOptions
        {
            Indented = indent is not null,
            IndentCharacter = Unit[0],
            IndentSize = Unit.Length,
            NewLine = NewLine,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // a path in quotes stays readable; nothing here is put into HTML
        };
        using (var json = new Utf8JsonWriter(buffer, options))
        {
            value.WriteTo(json);
        }

        var text = Encoding.UTF8.GetString(buffer.WrittenSpan).Replace(NewLine, NewLine + indent, StringComparison.Ordinal);
        return name is null ? text : $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(name)}\": {text}";
    }

    private bool IsFirstOnItsLine(int at) => _text.Bytes.AsSpan(LineStart(at)..at).IndexOfAnyExcept((byte)' ', (byte)'\t') < 0;

    private int LineStart(int at) => _text.Bytes.AsSpan(0, at).LastIndexOf((byte)'\n') + 1;

    private string UnitOf(JsonSpan? root)
    {
        if (root?.Children is not [var first, ..] || !IsFirstOnItsLine(first.Start))
        {
            return DefaultUnit;
        }

        var indent = IndentAt(first.Start);
        return indent.Length is > 0 and <= 8 && indent.All(c => c == indent[0]) ? indent : DefaultUnit;
    }
}
