using Savepoint.Compaction;
using Savepoint.Events;
using Savepoint.Maintenance;
using Savepoint.Model;
using Savepoint.Storage;
using Savepoint.Storage.Expiry;
using Savepoint.Storage.Layers;

namespace Savepoint;

/// <content>Bounds: what a store may take on disk, and what goes when it takes more (docs/design/bounds.md).</content>
public sealed partial class SnapshotManager
{
    /// <summary>How many snapshots must come before bounds are looked after again.</summary>
    private const long BoundsInterval = 50;

    /// <summary>As <see cref="BoundsInterval"/>, where nothing more could be freed: each try reads all contents.</summary>
    private const long HopelessBoundsInterval = 500;

    /// <summary>The least that one round frees, so that there are few: after each, contents are freed and packed.</summary>
    private const long MinExpiredInRound = 100;

    /// <summary>As <see cref="MinExpiredInRound"/>, as a part of what there is: a twentieth.</summary>
    private const long MaxRounds = 20;

    /// <summary>A process that ends at once asks how large the store is for one in so many snapshots.</summary>
    private const long BriefInterval = 10;

    /// <summary>How long a process that ends at once may work on the bounds.</summary>
    private static readonly TimeSpan BriefTime = TimeSpan.FromSeconds(1);

    private bool _isMaintained;

    /// <summary>How the store stands to its quota, and what expired so far.</summary>
    public StoreBounds Bounds() => new(
        StoreQuota.Of(_options.MaxStoreBytes, StoreDirectory),
        StoreSizeBytes(),
        _store.Counter(ExpiryCounter.Count),
        _store.Counter(ExpiryCounter.UpTo) is > 0 and var upTo ? new SnapshotNumber(upTo) : null,
        _store.Counter(ExpiryCounter.Time) is > 0 and var time ? SnapshotTime.FromMicroseconds(time) : null);

    /// <summary>
    /// Brings a store that takes more than <see cref="SnapshotOptions.MaxStoreBytes"/> to four fifths of it: by clean-up and packing,
    /// by aggressive compaction, and then by expiry, of single steps first and of the oldest history last. The last 50
    /// operations of each branch stay, and so does what a label, a branch or the last verified state holds.
    /// </summary>
    /// <param name="cancellationToken">Stops it between two steps; what was done stays done.</param>
    /// <returns>What was done; nothing where the store is well within its quota.</returns>
    public async Task<BoundsResult> KeepWithinBoundsAsync(CancellationToken cancellationToken = default)
    {
        var before = StoreSizeBytes();
        if (StoreQuota.Of(_options.MaxStoreBytes, StoreDirectory) is not { } quota || before <= StoreQuota.SoftBytes(quota))
        {
            return new BoundsResult(0, 0, before, before, StoreQuota.Of(_options.MaxStoreBytes, StoreDirectory));
        }

        long merged = 0;
        var expiry = new ExpiryTally(before);
        var isDone = false;
        try
        {
            await FreeContentsAsync(cancellationToken).ConfigureAwait(false);
            if (StoreSizeBytes() > StoreQuota.TargetBytes(quota))
            {
                var compacted = await CompactAsync(CompactionLevel.Aggressive, cancellationToken).ConfigureAwait(false);
                merged = compacted.SnapshotsBefore - compacted.SnapshotsAfter;
                await FreeContentsAsync(cancellationToken).ConfigureAwait(false);
            }

            await ExpireAsync(StoreQuota.TargetBytes(quota), expiry, cancellationToken).ConfigureAwait(false);
            isDone = true;
        }
        finally
        {
            Conclude(expiry, isHopeless: isDone && StoreSizeBytes() > StoreQuota.TargetBytes(quota));
        }

        return new BoundsResult(merged, expiry.Count, before, StoreSizeBytes(), quota);
    }

    private BoundsMarks? BoundsNow() =>
        StoreQuota.Of(_options.MaxStoreBytes, StoreDirectory) is { } quota ? new BoundsMarks(StoreSizeBytes(), quota, _store.Counter(ExpiryCounter.NextAt)) : null;

    private async Task ExpireAsync(long target, ExpiryTally expiry, CancellationToken cancellationToken)
    {
        foreach (var stage in Enum.GetValues<ExpiryStage>())
        {
            var isEnd = false;
            for (var size = StoreSizeBytes(); !isEnd && size > target; size = StoreSizeBytes())
            {
                // As much of the history as there is too much of the store; what that brings is known once contents are freed.
                var count = _store.SnapshotCount();
                var share = Math.Max(Math.Max(MinExpiredInRound, count / MaxRounds), (long)(count * ((double)(size - target) / size)));
                isEnd = await ExpireAsync(stage, share, expiry, cancellationToken).ConfigureAwait(false);
                await FreeContentsAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Frees about so many snapshots; true if there are no more at this stage.</summary>
    private async Task<bool> ExpireAsync(ExpiryStage stage, long wanted, ExpiryTally expiry, CancellationToken cancellationToken)
    {
        long freed = 0;
        var open = _store.Branches();
        while (freed < wanted && open.Count > 0)
        {
            foreach (var branch in open.ToList())
            {
                cancellationToken.ThrowIfCancellationRequested();

                // A restore under way may have planned from what is about to be freed.
                using var alone = await HoldStoreAsync(cancellationToken).ConfigureAwait(false);
                var upTo = _store.Head(branch) is { } head ? _store.History.Ancestor(head, OperationBuffer.Capacity)?.Value ?? 0 : 0;
                var (count, isEnd) = _store.Expire(branch, stage, upTo, HeldForUndo());
                freed += count;
                expiry.Add(count, upTo);
                if (isEnd)
                {
                    open.Remove(branch);
                }
            }
        }

        return open.Count == 0;
    }

    /// <summary>The last 50 operations of each branch with the state before them, and the last verified state.</summary>
    private HashSet<long> HeldForUndo()
    {
        var held = new HashSet<long>();
        foreach (var head in _store.Branches().Select(_store.Head).OfType<SnapshotNumber>())
        {
            held.UnionWith(_store.LastOf(head, OperationBuffer.Capacity));
            if (_store.Verifications.NewestPassed(head) is { } verified)
            {
                held.Add(verified.Snapshot.Value);
            }
        }

        return held;
    }

    /// <summary>What was packed needs those no more that it was stored against: a second run frees them.</summary>
    private async Task FreeContentsAsync(CancellationToken cancellationToken)
    {
        if (await CleanUpAsync(cancellationToken).ConfigureAwait(false) is { FreedContents: > 0, PackedContents: > 0 })
        {
            await CleanUpAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private void Conclude(ExpiryTally expiry, bool isHopeless)
    {
        if (expiry.Count > 0)
        {
            _store.NoteExpiry(expiry.Count, expiry.UpTo, _options.Time.GetUtcNow());
            Publish(new CleanupEvent("quota", expiry.Count, expiry.BytesBefore, StoreSizeBytes()));
        }

        _store.RaiseCounter(ExpiryCounter.NextAt, _store.NewestNumber() + (isHopeless ? HopelessBoundsInterval : BoundsInterval));
    }

    /// <summary>
    /// For a process that recorded something and ends: where the store is far over its quota, frees one window of states and
    /// their contents, for a second at most. So a store that no process ever stays with is bounded, too.
    /// </summary>
    private async Task KeepWithinBoundsBrieflyAsync()
    {
        if (_isMaintained || !_store.HasPassed(BriefInterval))
        {
            return;
        }

        try
        {
            if (BoundsNow() is not { } bounds || bounds.StoreBytes <= StoreQuota.HardBytes(bounds.MaxBytes) || _store.NewestNumber() < bounds.NextAt)
            {
                return;
            }

            using var limit = new CancellationTokenSource(BriefTime, _options.Time);
            var expiry = new ExpiryTally(bounds.StoreBytes);
            if (await ExpireAsync(ExpiryStage.Thin, MinExpiredInRound, expiry, limit.Token).ConfigureAwait(false) && expiry.Count < MinExpiredInRound)
            {
                await ExpireAsync(ExpiryStage.Oldest, MinExpiredInRound, expiry, limit.Token).ConfigureAwait(false);
            }

            using var alone = await HoldStoreAsync(limit.Token).ConfigureAwait(false);
            _store.FreeDeletedBranches(); // a merge that held one may just have expired, and without it the branch must not be merged again
            _store.FreeUnnamedContents();
            _store.GiveBackFreePages();
            Conclude(expiry, isHopeless: expiry.Count == 0);
        }
        catch (Exception e) when (e is OperationCanceledException or SavepointException or IOException)
        {
            // Whoever stays, or 'gc', does the rest. What was recorded is recorded.
        }
    }

    /// <summary>What one clean-up for the quota let expire.</summary>
    /// <param name="bytesBefore">What the store took before it.</param>
    private sealed class ExpiryTally(long bytesBefore)
    {
        public long BytesBefore { get; } = bytesBefore;

        public long Count { get; private set; }

        /// <summary>No number above this one expired.</summary>
        public long UpTo { get; private set; }

        public void Add(long count, long upTo)
        {
            if (count > 0)
            {
                (Count, UpTo) = (Count + count, Math.Max(UpTo, upTo));
            }
        }
    }
}
