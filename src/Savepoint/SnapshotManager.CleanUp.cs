using Savepoint.Diagnostics;
using Savepoint.Events;
using Savepoint.Model;

namespace Savepoint;

/// <content>Clean-up: what costs space and serves nobody.</content>
public sealed partial class SnapshotManager
{
    /// <summary>
    /// How many of the newest snapshots keep their contents outside packs, where a read costs least: an undo further back, in a
    /// process that has not been there, decodes a pack, 2 to 5 ms.
    /// </summary>
    private const int LooseSnapshotCount = 16;

    /// <summary>The counters of the newest snapshot when contents were packed, and snapshots merged, last.</summary>
    private const string CleanedUpTo = "cleanup.upto";

    /// <inheritdoc cref="CleanedUpTo"/>
    private const string CompactedUpTo = "compaction.upto";

    /// <summary>
    /// Frees snapshots of deleted branches that nothing leads to, and frozen bases that nothing lies on; then contents that nothing names, packs those that have not changed for a while, and gives the room back to the file
    /// system. Every other snapshot stays, with its exact bytes.
    /// </summary>
    /// <param name="cancellationToken">Stops it between two steps; what was done stays done.</param>
    /// <remarks>Captures and restores go on meanwhile, and wait only while unnamed contents are freed or a pack is committed.</remarks>
    public async Task<CleanUp> CleanUpAsync(CancellationToken cancellationToken = default)
    {
        var started = _options.Time.GetTimestamp();
        using var running = Begin(Operation.CleanUp, started, cancellationToken);
        var before = StoreSizeBytes();
        var released = _store.ReleaseLabels(_options.Time.GetUtcNow());
        var freed = 0;
        await FreeBasesAsync(keepCount: 0, cancellationToken).ConfigureAwait(false);
        if (_store.HasDeletedBranches())
        {
            using var held = await HoldStoreAsync(cancellationToken).ConfigureAwait(false);
            _store.FreeDeletedBranches();
        }

        if (_store.HasUnnamedContents())
        {
            // A capture under way has stored contents that its snapshot will name in a moment; with the lock there is none.
            using var held = await HoldStoreAsync(cancellationToken).ConfigureAwait(false);
            freed = _store.FreeUnnamedContents();
        }

        var newest = _store.NewestNumber();
        var packed = _store.PackContents(newest - LooseSnapshotCount, cancellationToken);
        _store.RaiseCounter(CleanedUpTo, newest);
        _store.CarryOnTotals(); // it has read all contents anyway, and 'stats' then need not
        _store.Shrink();
        var archives = await CleanMilestonesAsync(cancellationToken).ConfigureAwait(false);
        var done = new CleanUp(freed, packed, before, StoreSizeBytes(), _options.Time.GetElapsedTime(started)) { FreedArchives = archives.Freed, PackedArchives = archives.Packed, ReleasedLabels = released };
        if (freed + packed > 0)
        {
            Publish(new CleanupEvent("store", freed + packed, done.BytesBefore, done.BytesAfter));
            _store.EmptyLog(); // so that the event's own pages do not make its figure wrong
        }

        running.Done(null, freed + packed);
        return done;
    }
}
