using Savepoint.Model;

namespace Savepoint.Storage.Milestones;

/// <summary>A contents block: which contents begin in one pack, by ordinal, and where they are in the file's stream of contents.</summary>
internal sealed class ContentTable
{
    private readonly long[] _starts; // of each, and behind the last
    private readonly ContentId[] _ids;

    private ContentTable(long firstOrdinal, long packStartBytes, long[] starts, ContentId[] ids)
    {
        (FirstOrdinal, PackStartBytes, _starts, _ids) = (firstOrdinal, packStartBytes, starts, ids);
    }

    public long FirstOrdinal { get; }

    /// <summary>Where in the stream the pack begins.</summary>
    public long PackStartBytes { get; }

    public IReadOnlyList<ContentId> Ids => _ids;

    public bool Holds(long ordinal) => ordinal >= FirstOrdinal && ordinal - FirstOrdinal < _ids.Length;

    public (ContentId Id, long StartBytes, long SizeBytes) Describe(long ordinal)
    {
        var index = (int)(ordinal - FirstOrdinal);
        return (_ids[index], _starts[index], _starts[index + 1] - _starts[index]);
    }

    public static byte[] Write(long firstOrdinal, long packStartBytes, long firstStartBytes, IReadOnlyList<(ContentId Id, long SizeBytes)> contents)
    {
        var record = new RecordWriter();
        record.Write(firstOrdinal);
        record.Write(packStartBytes);
        record.Write(firstStartBytes);
        record.Write(contents.Count);
        foreach (var content in contents)
        {
            record.Write(content.SizeBytes);
        }

        foreach (var content in contents)
        {
            record.WriteRaw(content.Id.ToBytes());
        }

        return record.ToArray();
    }

    public static ContentTable Parse(ReadOnlyMemory<byte> bytes)
    {
        var record = new RecordReader(bytes);
        var (firstOrdinal, packStart, start) = (record.Read(), record.Read(), record.Read());
        var ids = new ContentId[record.ReadCount()];
        var starts = new long[ids.Length + 1];
        for (var i = 0; i < ids.Length; i++)
        {
            (starts[i], start) = (start, start + record.Read());
        }

        starts[^1] = start;
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i] = record.ReadId();
        }

        return new ContentTable(firstOrdinal, packStart, starts, ids);
    }
}
