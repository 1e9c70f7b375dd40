using System.Text;
using Savepoint.Model;

namespace Savepoint.Storage.Milestones;

/// <summary>
/// Writes the values that an archive's blocks consist of. Texts and paths are written where they first occur, and by their
/// number from then on; numbers that follow each other closely as differences, which is what makes them compress.
/// </summary>
internal sealed class RecordWriter
{
    private readonly List<byte> _bytes = [];
    private readonly Dictionary<string, int> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<WorkspacePath, int> _paths = [];
    private WorkspacePath _lastPath;

    public int Length => _bytes.Count;

    public byte[] ToArray() => [.. _bytes];

    public void Write(long value) => Varint.Append(_bytes, (ulong)value);

    public void WriteSigned(long value) => Varint.Append(_bytes, (ulong)((value << 1) ^ (value >> 63)));

    public void WriteRaw(ReadOnlySpan<byte> bytes) => _bytes.AddRange(bytes);

    public void WriteText(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Write(bytes.Length);
        WriteRaw(bytes);
    }

    /// <summary>A text that may occur again, or null.</summary>
    public void WriteShared(string? text)
    {
        if (text is null)
        {
            Write(0);
        }
        else if (_texts.TryGetValue(text, out var known))
        {
            Write(known + 2);
        }
        else
        {
            _texts.Add(text, _texts.Count);
            Write(1);
            WriteText(text);
        }
    }

    /// <summary>A path that may occur again.</summary>
    public void WriteShared(WorkspacePath path)
    {
        if (_paths.TryGetValue(path, out var known))
        {
            Write(known + 2);
            return;
        }

        _paths.Add(path, _paths.Count);
        Write(1);
        WriteBehind(_lastPath, path);
        _lastPath = path;
    }

    /// <summary>A path as what it shares with the one before it, and the rest.</summary>
    public void WriteBehind(WorkspacePath previous, WorkspacePath path)
    {
        var shared = previous.Bytes.CommonPrefixLength(path.Bytes);
        Write(shared);
        Write(path.Bytes.Length - shared);
        WriteRaw(path.Bytes[shared..]);
    }
}
