using System.Runtime.InteropServices;
using Savepoint.Model;

namespace Savepoint.Workspaces.Scanning;

/// <summary>
/// Makes the next index from the last one and what is known since. Directories of which nothing is said are copied as
/// they are, but for the numbers of their subdirectories.
/// </summary>
/// <remarks>
/// A directory's block comes after those of its subdirectories, whose numbers it holds. The recursion is as deep as the
/// tree, which a path's greatest length bounds to 2,048 levels.
/// </remarks>
internal sealed class ScanIndexWriter
{
    private readonly ScanIndex _last;
    private readonly List<uint> _offsets;
    private byte[] _blocks;
    private int _length;
    private int _entryCount;

    private ScanIndexWriter(ScanIndex last)
    {
        _last = last;
        _offsets = new List<uint>(last.DirectoryCount);
        _blocks = new byte[last.LengthBytes + 4096];
    }

    /// <summary>The bytes of an index.</summary>
    /// <param name="last">The index so far.</param>
    /// <param name="news">What is known since; it outranks the index.</param>
    /// <param name="head">Which snapshot's tree the two make together.</param>
    public static byte[] Write(ScanIndex last, StateTree news, HeadMark head)
    {
        var writer = new ScanIndexWriter(last);
        writer.WriteDirectory(last.Root, news);
        return ScanIndex.Write(head, writer._blocks.AsSpan(0, writer._length), CollectionsMarshal.AsSpan(writer._offsets), writer._entryCount);
    }

    /// <summary>Writes a directory and all below it. Its number; 0 if nothing is recorded in it.</summary>
    private uint WriteDirectory(uint number, StateTree? news)
    {
        if (news is null || news.IsLeaf)
        {
            return number == 0 ? 0 : Copy(number);
        }

        var block = _last.Directory(number);
        var changed = news.Children.Select(pair => pair.Key).ToArray();
        Array.Sort(changed, static (x, y) => x.AsSpan().SequenceCompareTo(y));
        var entries = new List<(byte[]? NewName, int Position, IndexRecord Record)>(block.Records.Length + changed.Length);
        var next = 0;
        for (var i = 0; i < block.Records.Length; i++)
        {
            var name = block.Name(block.Records[i]);
            for (; next < changed.Length && changed[next].AsSpan().SequenceCompareTo(name) < 0; next++)
            {
                Add(entries, changed[next], -1, default, news.Find(changed[next]));
            }

            var isChanged = next < changed.Length && changed[next].AsSpan().SequenceEqual(name);
            Add(entries, null, i, block.Records[i], isChanged ? news.Find(changed[next++]) : null);
        }

        for (; next < changed.Length; next++)
        {
            Add(entries, changed[next], -1, default, news.Find(changed[next]));
        }

        return entries.Count == 0 ? 0 : Emit(number, entries);
    }

    private void Add(List<(byte[]? NewName, int Position, IndexRecord Record)> entries, byte[]? newName, int position, in IndexRecord last, StateTree? news)
    {
        var record = news?.State is { } state ? IndexRecord.Of(state, news.Seen) : last;
        var child = WriteDirectory(last.Child, news);
        if (record.IsRecorded || child != 0)
        {
            entries.Add((newName, position, record.Placed(0, 0, child)));
        }
    }

    private uint Emit(uint number, List<(byte[]? NewName, int Position, IndexRecord Record)> entries)
    {
        var from = _last.Directory(number);
        var start = _length;
        var records = start + IndexBlock.HeaderBytes;
        Reserve(IndexBlock.HeaderBytes + (entries.Count * IndexRecord.LengthBytes));
        foreach (var (newName, position, record) in entries)
        {
            var name = newName ?? from.Name(from.Records[position]);
            Reserve(name.Length);
            name.CopyTo(_blocks.AsSpan(_length - name.Length));
            MemoryMarshal.Write(_blocks.AsSpan(records), record.Placed((uint)(_length - name.Length - start), name.Length, record.Child));
            records += IndexRecord.LengthBytes;
        }

        MemoryMarshal.Write(_blocks.AsSpan(start), entries.Count);
        MemoryMarshal.Write(_blocks.AsSpan(start + sizeof(int)), _length - start);
        return Finish(start, entries.Count);
    }

    // The same records and names: only the subdirectories have other numbers now.
    private uint Copy(uint number)
    {
        var block = _last.Directory(number);
        List<(int Position, uint Child)>? children = null;
        for (var i = 0; i < block.Records.Length; i++)
        {
            if (block.Records[i].Child is not 0 and var child)
            {
                (children ??= []).Add((i, Copy(child)));
            }
        }

        var start = _length;
        Reserve(block.Bytes.Length);
        block.Bytes.CopyTo(_blocks.AsSpan(start));
        foreach (var (position, child) in children ?? [])
        {
            ref readonly var record = ref block.Records[position];
            MemoryMarshal.Write(
                _blocks.AsSpan(start + IndexBlock.HeaderBytes + (position * IndexRecord.LengthBytes)),
                record.Placed(record.NameOffset, record.NameLength, child));
        }

        return Finish(start, block.Records.Length);
    }

    private uint Finish(int start, int entryCount)
    {
        _offsets.Add((uint)start);
        _entryCount += entryCount;
        return (uint)_offsets.Count;
    }

    // Makes the file longer; what is new holds whatever it holds.
    private void Reserve(int more)
    {
        if (_blocks.Length - _length < more)
        {
            Array.Resize(ref _blocks, Math.Max(_length + more, _blocks.Length * 2));
        }

        _length += more;
    }
}
