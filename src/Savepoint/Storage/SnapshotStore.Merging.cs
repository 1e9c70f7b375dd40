using Savepoint.Compaction;
using Savepoint.Model;

namespace Savepoint.Storage;

/// <content>What compaction merges.</content>
internal sealed partial class SnapshotStore
{
    public MergeTable Merges { get; }

    /// <summary>How many snapshots there are.</summary>
    public long SnapshotCount() => _database.Read(() => _database.Prepare("SELECT count(*) FROM snapshots").Scalar()) ?? 0;

    /// <summary>The oldest of the snapshots that are shown as one with a number; itself, if none are.</summary>
    public SnapshotNumber FirstShownWith(SnapshotNumber number) => _database.Read(() => Merges.ShownAs(number.Value)) is { } merge ? new SnapshotNumber(merge.First) : number;

    /// <inheritdoc cref="MergeTable.Kept"/>
    public HashSet<SnapshotNumber> KeptIn(long after, long upTo) => _database.Read(() => Merges.Kept(after, upTo));

    /// <summary>Carries out what compaction decided about a branch, and notes how far it is: in one transaction.</summary>
    /// <returns>The merges that were done; one whose snapshots somebody has named or left meanwhile is not.</returns>
    public List<Merge> Apply(IReadOnlyList<Merge> merges, string branch, CompactionLevel level, long upTo) => _database.Write(() =>
    {
        var merger = new SnapshotMerger(_database, _reader, Merges);
        var done = merges.Where(merge => level == CompactionLevel.Normal ? merger.Show(merge) : merger.Free(merge)).ToList();
        Merges.SetPosition(branch, level, upTo);
        return done;
    });

    /// <summary>Names a snapshot, which from then on is shown by itself.</summary>
    public void AddLabel(Label label) => _database.Write(() =>
    {
        _labels.Add(label);
        Merges.Split(label.Snapshot);
    });

    /// <inheritdoc cref="MergeTable.Split"/>
    public void Split(SnapshotNumber number) => _database.Write(() => Merges.Split(number));
}
