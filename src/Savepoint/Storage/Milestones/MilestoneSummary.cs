using Savepoint.Model;

namespace Savepoint.Storage.Milestones;

/// <summary>What an archive says of itself: which snapshots it holds, which archives it stands on, and counts.</summary>
/// <param name="Mark">The snapshot whose state it holds.</param>
/// <param name="Time">When that was recorded.</param>
/// <param name="Branch">The branch it was made on.</param>
/// <param name="Parent">The archive before it; <see cref="HeadMark.None"/> for the first.</param>
/// <param name="ManifestBase">The archive whose state its manifest is the difference to; <see cref="HeadMark.None"/> if it is whole.</param>
/// <param name="Position">How many archives stand before it.</param>
/// <param name="Runs">The numbers of the snapshots it holds, as first number and length, ascending.</param>
/// <param name="Statistics">Counts for people.</param>
/// <param name="PackLevel">The zstd level of its packs.</param>
internal sealed record MilestoneSummary(
    HeadMark Mark, DateTimeOffset Time, string Branch, HeadMark Parent, HeadMark ManifestBase, long Position,
    IReadOnlyList<(long First, long Count)> Runs, MilestoneStatistics Statistics, int PackLevel)
{
    public bool Holds(long number) => Runs.Any(run => number >= run.First && number < run.First + run.Count);

    public byte[] ToBytes()
    {
        var record = new RecordWriter();
        WriteMark(record, Mark);
        record.WriteSigned(SnapshotTime.ToMicroseconds(Time));
        record.WriteText(Branch);
        WriteMark(record, Parent);
        WriteMark(record, ManifestBase);
        record.Write(Position);
        record.Write(Runs.Count);
        long end = 0;
        foreach (var (first, count) in Runs)
        {
            record.Write(first - end);
            record.Write(count);
            end = first + count;
        }

        record.Write(Statistics.OperationCount);
        record.Write(Statistics.UndoCount);
        record.Write(Statistics.ChangedPathCount);
        record.Write(Statistics.SessionCount);
        record.WriteSigned(SnapshotTime.ToMicroseconds(Statistics.FirstTime));
        record.WriteSigned(SnapshotTime.ToMicroseconds(Statistics.LastTime));
        record.Write(Statistics.EntryCount);
        record.Write(Statistics.ContentCount);
        record.Write(Statistics.ContentBytes);
        record.Write(PackLevel);
        return record.ToArray();
    }

    public static MilestoneSummary Parse(ReadOnlyMemory<byte> bytes)
    {
        var record = new RecordReader(bytes);
        var mark = ReadMark(record);
        var time = SnapshotTime.FromMicroseconds(record.ReadSigned());
        var branch = record.ReadText();
        var (parent, manifestBase, position) = (ReadMark(record), ReadMark(record), record.Read());
        var runs = new (long First, long Count)[record.ReadCount()];
        long end = 0;
        for (var i = 0; i < runs.Length; i++)
        {
            runs[i] = (end + record.Read(), record.Read());
            end = runs[i].First + runs[i].Count;
        }

        var snapshots = runs.Sum(run => run.Count);
        var statistics = new MilestoneStatistics(
            snapshots, record.Read(), record.Read(), record.Read(), record.Read(),
            SnapshotTime.FromMicroseconds(record.ReadSigned()), SnapshotTime.FromMicroseconds(record.ReadSigned()), record.Read(), record.Read(), record.Read());
        return new MilestoneSummary(mark, time, branch, parent, manifestBase, position, runs, statistics, (int)record.Read());
    }

    private static void WriteMark(RecordWriter record, HeadMark mark)
    {
        record.Write(mark.Number);
        if (mark.Number != 0)
        {
            record.WriteRaw(mark.ToBytes());
        }
    }

    private static HeadMark ReadMark(RecordReader record) =>
        record.Read() is not 0 and var number ? HeadMark.Of(number, record.ReadRaw(SnapshotHash.LengthBytes)) : HeadMark.None;
}
