using System.Buffers;

namespace Savepoint.Diffs;

/// <summary>
/// Writes a hunk's body line by line, counting. Added lines wait until the next context line, so that between two context
/// lines the deletions come first, however the lines were handed in: the one order that survives reversing twice.
/// </summary>
internal sealed class HunkBuilder(int oldStart, int newStart, int capacity = 256)
{
    private readonly ArrayBufferWriter<byte> _body = new(Math.Max(capacity, 16));
    private ArrayBufferWriter<byte>? _added;
    private int _oldCount;
    private int _newCount;

    /// <summary>Takes one line, its LF included unless it is the last of its file and has none.</summary>
    public void Add(HunkLineKind kind, ReadOnlySpan<byte> line)
    {
        switch (kind)
        {
            case HunkLineKind.Context:
                FlushAdded();
                Write(_body, ' ', line);
                _oldCount++;
                _newCount++;
                break;
            case HunkLineKind.Deleted:
                Write(_body, '-', line);
                _oldCount++;
                break;
            default:
                Write(_added ??= new ArrayBufferWriter<byte>(), '+', line);
                _newCount++;
                break;
        }
    }

    /// <summary>Takes all lines of <paramref name="content"/>.</summary>
    public void AddAll(HunkLineKind kind, ReadOnlySpan<byte> content)
    {
        while (!content.IsEmpty)
        {
            var end = content.IndexOf((byte)'\n');
            var line = end < 0 ? content : content[..(end + 1)];
            Add(kind, line);
            content = content[line.Length..];
        }
    }

    public Hunk Build()
    {
        FlushAdded();
        return new Hunk(oldStart, _oldCount, newStart, _newCount, _body.WrittenMemory);
    }

    private void FlushAdded()
    {
        if (_added is { WrittenCount: > 0 })
        {
            _body.Write(_added.WrittenSpan);
            _added.ResetWrittenCount();
        }
    }

    private static void Write(ArrayBufferWriter<byte> destination, char kind, ReadOnlySpan<byte> line)
    {
        var span = destination.GetSpan(line.Length + 1);
        span[0] = (byte)kind;
        line.CopyTo(span[1..]);
        destination.Advance(line.Length + 1);
        if (line.IsEmpty || line[^1] != '\n')
        {
            destination.Write("\n"u8);
            destination.Write(HunkLines.NoNewlineMarker);
        }
    }
}
