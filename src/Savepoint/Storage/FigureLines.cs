using System.Buffers;
using System.Text;
using System.Text.Json;
using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>The figures of a verification as text: a line of JSON each, so that any tool can read them in the database.</summary>
internal static class FigureLines
{
    /// <summary>The lines; null for no figures.</summary>
    public static string? Write(IReadOnlyList<Figure> figures)
    {
        if (figures.Count == 0)
        {
            return null;
        }

        var buffer = new ArrayBufferWriter<byte>();
        foreach (var figure in figures)
        {
            using (var json = new Utf8JsonWriter(buffer))
            {
                json.WriteStartObject();
                json.WriteString("name", figure.Name);
                json.WriteNumber("value", figure.Value);
                json.WriteString("unit", figure.Unit);
                if (figure.Spread is { } spread)
                {
                    json.WriteNumber("spread", spread);
                }

                json.WriteEndObject();
            }

            buffer.Write("\n"u8);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <exception cref="SavepointException">They are not what <see cref="Write"/> wrote.</exception>
    public static List<Figure> Read(string? lines)
    {
        try
        {
            return [.. (lines ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(ReadLine)];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new SavepointException(ErrorCode.Damaged, "The figures of a verification cannot be read.", "Run 'savepoint verify' to see what is lost and 'savepoint repair' to mend it.", e);
        }
    }

    private static Figure ReadLine(string line)
    {
        using var json = JsonDocument.Parse(line);
        var figure = json.RootElement;
        return new Figure(figure.GetProperty("name").GetString() ?? "", figure.GetProperty("value").GetDouble(), figure.GetProperty("unit").GetString() ?? "")
        {
            Spread = figure.TryGetProperty("spread", out var spread) ? spread.GetDouble() : null,
        };
    }
}
