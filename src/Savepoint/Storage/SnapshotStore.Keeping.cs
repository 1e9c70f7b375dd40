using Savepoint.Model;
using Savepoint.Storage.Milestones;
using Savepoint.Storage.Packs;

namespace Savepoint.Storage;

/// <content>Keeping house: is it sound, and is it small.</content>
internal sealed partial class SnapshotStore
{
    /// <inheritdoc cref="CompressionReader.Of"/>
    public CompressionMetadata CompressionOf(Snapshot snapshot) => new CompressionReader(_database).Of(snapshot);

    /// <summary>Compares every record and content with its hash, and looks at the archives; deep, at every byte of them.</summary>
    public StoreDamage Verify(bool deep, long known, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var found = new StoreVerifier(_database, _reader).Run(deep, cancellationToken);
        var milestones = Labels().Where(label => label.Kind == LabelKind.Milestone);
        var tail = new LostTail(_database);
        var lost = tail.Ranges(known, now);
        return found with { Problems = [.. found.Problems, .. tail.Find(), .. lost.Select(range => range.ToString()), .. new MilestoneVerifier(Milestones).Run(deep, milestones, cancellationToken)], Lost = lost };
    }

    /// <summary>Numbers whose snapshots are gone.</summary>
    public LostNumbers LostNumbers => new(_database);

    /// <inheritdoc cref="UnnamedContents"/>
    public bool HasUnnamedContents() => _database.ReadConsistently(() => new UnnamedContents(_database).Find().Count > 0);

    /// <inheritdoc cref="UnnamedContents.Delete"/>
    public int FreeUnnamedContents() => _database.Write(() => new UnnamedContents(_database).Delete());

    /// <inheritdoc cref="ContentPacker.Run"/>
    public int PackContents(long keepLooseAfter, CancellationToken cancellationToken) => new ContentPacker(_database).Run(keepLooseAfter, cancellationToken);

    /// <summary>Gives free pages back to the file system, and the log's room.</summary>
    public void Shrink() => _database.Shrink();

    /// <inheritdoc cref="StoreDatabase.Checkpoint"/>
    public bool EmptyLog() => _database.Checkpoint();

    /// <inheritdoc cref="StoreDatabase.Statements"/>
    public List<string> Statements() => _database.Statements();
}
