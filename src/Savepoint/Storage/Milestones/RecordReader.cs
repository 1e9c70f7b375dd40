using System.Text;
using Savepoint.Model;

namespace Savepoint.Storage.Milestones;

/// <summary>Reads back what <see cref="RecordWriter"/> wrote. Bytes that it cannot have written are damage.</summary>
internal sealed class RecordReader(ReadOnlyMemory<byte> bytes)
{
    private readonly List<string> _texts = [];
    private readonly List<WorkspacePath> _paths = [];
    private readonly byte[] _path = new byte[WorkspacePath.MaxLengthBytes]; // the one being put together
    private ReadOnlyMemory<byte> _rest = bytes;
    private WorkspacePath _lastPath;

    public bool IsAtEnd => _rest.IsEmpty;

    public long Read()
    {
        var rest = _rest.Span;
        if (!Varint.TryRead(ref rest, out var value))
        {
            throw Damaged();
        }

        _rest = _rest[^rest.Length..];
        return (long)value;
    }

    public long ReadSigned()
    {
        var value = (ulong)Read();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>A count, or a length, of things of which each takes a byte or more.</summary>
    public int ReadCount() => Read() is >= 0 and var count && count <= _rest.Length ? (int)count : throw Damaged();

    public ReadOnlySpan<byte> ReadRaw(int length)
    {
        if (length < 0 || length > _rest.Length)
        {
            throw Damaged();
        }

        var raw = _rest.Span[..length];
        _rest = _rest[length..];
        return raw;
    }

    public ContentId ReadId() => new(ReadRaw(ContentId.LengthBytes));

    public string ReadText() => Encoding.UTF8.GetString(ReadRaw(ReadCount()));

    public string? ReadSharedText()
    {
        switch (Read())
        {
            case 0:
                return null;
            case 1:
                _texts.Add(ReadText());
                return _texts[^1];
            case var known:
                return Known(_texts, known);
        }
    }

    public WorkspacePath ReadSharedPath()
    {
        if (Read() is not 1 and var known)
        {
            return Known(_paths, known);
        }

        _lastPath = ReadBehind(_lastPath);
        _paths.Add(_lastPath);
        return _lastPath;
    }

    public WorkspacePath ReadBehind(WorkspacePath previous)
    {
        var shared = Read();
        var rest = ReadRaw(ReadCount());
        if (shared < 0 || shared > previous.Bytes.Length || shared + rest.Length > _path.Length)
        {
            throw Damaged();
        }

        previous.Bytes[..(int)shared].CopyTo(_path);
        rest.CopyTo(_path.AsSpan((int)shared));
        return PathTable.Read(_path.AsSpan(0, (int)shared + rest.Length));
    }

    public static SavepointException Damaged() =>
        new(ErrorCode.Damaged, "A block of a milestone's archive holds what cannot have been written.", "Run 'savepoint verify --deep' to see what is lost and 'savepoint repair' to mend it.");

    private static T Known<T>(List<T> seen, long number) => number - 2 >= 0 && number - 2 < seen.Count ? seen[(int)(number - 2)] : throw Damaged();
}
