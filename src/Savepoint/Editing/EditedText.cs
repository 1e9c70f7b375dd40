using System.Buffers;
using Savepoint.Diffs;

namespace Savepoint.Editing;

/// <summary>
/// A text file as an edit sees it: <see cref="Bytes"/> with LF at every line's end, whatever the file has. What is put
/// back is put into the file's own bytes, so that nothing but the replaced part changes: not the byte order mark, not
/// stray bytes, not the line ends of other lines. Immutable.
/// </summary>
internal sealed class EditedText
{
    private readonly byte[] _working; // in the file's own line ends
    private readonly int[] _carriageReturns; // for each CRLF, where its LF is in Bytes
    private readonly int[] _lineStarts;

    private EditedText(TextFormat format, byte[] working)
    {
        Format = format;
        _working = working;
        (Bytes, _carriageReturns) = WithoutCarriageReturns(working);
        _lineStarts = Starts(Bytes);
    }

    /// <summary>How the file writes text.</summary>
    public TextFormat Format { get; }

    /// <summary>The text, without a mark, each line ended by LF.</summary>
    public byte[] Bytes { get; }

    /// <summary>How many lines; a last one without a line end counts.</summary>
    public int LineCount => _lineStarts.Length;

    /// <summary>Whether the last line has its line end. True for an empty file.</summary>
    public bool EndsWithLine => Bytes.Length == 0 || Bytes[^1] == '\n';

    /// <summary>Reads a file; null if it is no text.</summary>
    public static EditedText? TryRead(ReadOnlySpan<byte> file) =>
        TextFormat.Detect(file) is { } format ? new EditedText(format, format.ToWorking(file)) : null;

    /// <summary>Text with LF at every line's end.</summary>
    public static string WithLineFeeds(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal);

    /// <summary>Where a line begins, in <see cref="Bytes"/>; for the line after the last one, the end.</summary>
    public int StartOf(int lineIndex) => lineIndex < _lineStarts.Length ? _lineStarts[lineIndex] : Bytes.Length;

    /// <summary>Where a line's bytes end, its line end not counted.</summary>
    public int EndOf(int lineIndex)
    {
        var end = StartOf(lineIndex + 1);
        return end > StartOf(lineIndex) && Bytes[end - 1] == '\n' ? end - 1 : end;
    }

    /// <summary>The 0-based line that holds an offset.</summary>
    public int LineAt(int offset)
    {
        var found = Array.BinarySearch(_lineStarts, offset);
        return found >= 0 ? found : Math.Max(0, ~found - 1);
    }

    /// <summary>A line without its line end, for people.</summary>
    public string Line(int lineIndex) => Format.Decode(Bytes.AsSpan(StartOf(lineIndex)..EndOf(lineIndex)));

    /// <summary>The file with <paramref name="lengthBytes"/> bytes at <paramref name="start"/> of <see cref="Bytes"/> replaced.</summary>
    public byte[] Replace(int start, int lengthBytes, ReadOnlySpan<byte> replacement) =>
        WithBytes([.. Bytes.AsSpan(0, start), .. replacement, .. Bytes.AsSpan(start + lengthBytes)]);

    /// <summary>The file with <paramref name="after"/> as its <see cref="Bytes"/>. New lines end as those around them do, and all others as they did.</summary>
    public byte[] WithBytes(ReadOnlySpan<byte> after)
    {
        if (_carriageReturns.Length == 0)
        {
            return Format.ToFile(after);
        }

        var made = new ArrayBufferWriter<byte>(_working.Length + 256);
        var kept = 0;
        foreach (var edit in LineDiff.Compute(Bytes, after))
        {
            var end = edit.OldOffset + edit.OldLength;
            made.Write(_working.AsSpan(Raw(kept)..Raw(edit.OldOffset)));
            var lines = after.Slice(edit.NewOffset, edit.NewLength);
            made.Write(HasCarriageReturnAt(edit.OldOffset, end) ? WithCarriageReturns(lines) : lines);
            kept = end;
        }

        made.Write(_working.AsSpan(Raw(kept)));
        return Format.ToFile(made.WrittenSpan);
    }

    /// <summary>A whole new text in the file's format, with its line ends: CRLF if most lines have it and the text has none.</summary>
    public byte[] ReplaceAll(string text)
    {
        var isCrLf = _carriageReturns.Length * 2 > Bytes.AsSpan().Count((byte)'\n') && !text.Contains('\r', StringComparison.Ordinal);
        var written = isCrLf ? text.Replace("\n", "\r\n", StringComparison.Ordinal) : text;
        written = Format.HasMark && written.StartsWith('\uFEFF') ? written[1..] : written;

        // Nothing of the old bytes stays, so a character that they had no place for makes the file UTF-8.
        return Format.Encode(written) is { } bytes ? Format.ToFile(bytes) : TextFormat.Default.ToFile(TextFormat.Default.Encode(written)!);
    }

    /// <summary>Whether lines put here end with CRLF: as the first line end replaced, else the nearest before, else the nearest after.</summary>
    private bool HasCarriageReturnAt(int start, int end)
    {
        var replaced = Bytes.AsSpan(start..end).IndexOf((byte)'\n');
        var lineEnd = replaced >= 0 ? start + replaced : Bytes.AsSpan(0, start).LastIndexOf((byte)'\n');
        if (lineEnd < 0)
        {
            var after = Bytes.AsSpan(end).IndexOf((byte)'\n');
            lineEnd = after < 0 ? -1 : end + after;
        }

        return lineEnd >= 0 && Array.BinarySearch(_carriageReturns, lineEnd) >= 0;
    }

    /// <summary>An offset in <see cref="Bytes"/> as one in the file's own bytes: a CR goes with the LF behind it.</summary>
    private int Raw(int offset)
    {
        var found = Array.BinarySearch(_carriageReturns, offset);
        return offset + (found >= 0 ? found : ~found);
    }

    private static (byte[] Bytes, int[] CarriageReturns) WithoutCarriageReturns(byte[] working)
    {
        if (working.AsSpan().IndexOf("\r\n"u8) < 0)
        {
            return (working, []);
        }

        var bytes = new List<byte>(working.Length);
        var found = new List<int>();
        for (var i = 0; i < working.Length; i++)
        {
            if (working[i] == '\r' && i + 1 < working.Length && working[i + 1] == '\n')
            {
                found.Add(bytes.Count);
            }
            else
            {
                bytes.Add(working[i]);
            }
        }

        return ([.. bytes], [.. found]);
    }

    private static byte[] WithCarriageReturns(ReadOnlySpan<byte> bytes)
    {
        var made = new List<byte>(bytes.Length + 16);
        foreach (var value in bytes)
        {
            if (value == '\n')
            {
                made.Add((byte)'\r');
            }

            made.Add(value);
        }

        return [.. made];
    }

    private static int[] Starts(ReadOnlySpan<byte> bytes)
    {
        var starts = new List<int>();
        for (var start = 0; start < bytes.Length;)
        {
            starts.Add(start);
            var end = bytes[start..].IndexOf((byte)'\n');
            start = end < 0 ? bytes.Length : start + end + 1;
        }

        return [.. starts];
    }
}
