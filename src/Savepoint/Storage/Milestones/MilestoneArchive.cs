using Savepoint.Model;

namespace Savepoint.Storage.Milestones;

/// <summary>One archive, read: its snapshots, its contents, its part of the manifest. Nothing is decoded before it is asked for. Thread-safe.</summary>
internal sealed class MilestoneArchive : IDisposable
{
    private readonly Lazy<MilestoneContents> _contents;

    private MilestoneArchive(MilestoneFile file)
    {
        File = file;
        _contents = new Lazy<MilestoneContents>(() => new MilestoneContents(file));
    }

    public MilestoneFile File { get; }

    public MilestoneSummary Summary => File.Summary;

    public MilestoneContents Contents => _contents.Value;

    /// <inheritdoc cref="MilestoneFile.Open"/>
    public static MilestoneArchive Open(string path) => new(MilestoneFile.Open(path));

    /// <summary>Its snapshots as they were written, the oldest first.</summary>
    /// <exception cref="SavepointException">A history block is damaged.</exception>
    public IEnumerable<ArchivedSnapshot> History() => BlocksOf(BlockKind.History).SelectMany(block => HistoryBlock.Read(File.Read(block)));

    /// <summary>Its snapshots with their contents' ids, the oldest first.</summary>
    /// <exception cref="SavepointException">A history block, or one that describes a content, is damaged.</exception>
    public IEnumerable<Snapshot> Snapshots() => BlocksOf(BlockKind.History).SelectMany(block => HistoryBlock.Read(File.Read(block), Contents));

    /// <summary>The snapshot of this number; null if it is not here. A damaged block elsewhere does no harm.</summary>
    /// <exception cref="SavepointException">It was here, and its record is damaged.</exception>
    public Snapshot? Find(SnapshotNumber number)
    {
        if (!Summary.Holds(number.Value))
        {
            return null;
        }

        SavepointException? damage = null;
        foreach (var block in BlocksOf(BlockKind.History))
        {
            try
            {
                if (HistoryBlock.Read(File.Read(block)).FirstOrDefault(snapshot => snapshot.Header.Number == number) is { } found)
                {
                    return found.Resolve(Contents);
                }
            }
            catch (SavepointException e) when (e.Code == ErrorCode.Damaged)
            {
                damage = e;
            }
        }

        throw damage ?? RecordReader.Damaged();
    }

    /// <summary>Its manifest: all entries, or those that differ from the base's.</summary>
    /// <exception cref="SavepointException">The manifest is damaged.</exception>
    public IEnumerable<KeyValuePair<WorkspacePath, ArchivedState>> Manifest() =>
        ManifestBlock.Read(File.Read(BlocksOf(BlockKind.Manifest).FirstOrDefault() ?? throw RecordReader.Damaged()));

    /// <summary>What was verified of its snapshots, the oldest first.</summary>
    public IReadOnlyList<Verification> Verifications() =>
        BlocksOf(BlockKind.Verifications).FirstOrDefault() is { } block ? VerificationBlock.Read(File.Read(block)) : [];

    public void Dispose() => File.Dispose();

    private IEnumerable<MilestoneBlock> BlocksOf(BlockKind kind) => File.Blocks.Where(block => block.Kind == kind);
}
