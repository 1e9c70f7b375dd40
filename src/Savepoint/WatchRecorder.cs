using Savepoint.Model;
using Savepoint.Storage;
using Savepoint.Workspaces.Watching;

namespace Savepoint;

/// <summary>
/// Records what a watch found, and keeps in mind what is left to announced edits and commands until they have ended. Not
/// thread-safe.
/// </summary>
internal sealed class WatchRecorder(SnapshotManager manager, WatchOptions options)
{
    /// <summary>How often to begin again at once because others record the same; then all is held until the next look.</summary>
    private const int MaxAttempts = 50;

    /// <summary>How often to see whether those have ended whose changes are left to them.</summary>
    private static readonly TimeSpan HeldPause = TimeSpan.FromMilliseconds(100);

    /// <summary>How often to see whether there is room again.</summary>
    private static readonly TimeSpan TroublePause = TimeSpan.FromSeconds(5);

    private readonly HashSet<WorkspacePath> _held = [];
    private bool _holdsWhole;
    private SavepointException? _trouble;

    /// <summary>When to look again at what is held back; null if nothing is.</summary>
    public TimeSpan? Pause => !HoldsAny ? null : _trouble is null ? HeldPause : TroublePause;

    private bool HoldsAny => _holdsWhole || _held.Count > 0;

    /// <summary>What is left could not be recorded, and the watch ends.</summary>
    /// <exception cref="SavepointException">Why.</exception>
    public void ThrowTrouble()
    {
        if (_trouble is { } trouble)
        {
            throw trouble;
        }
    }

    /// <summary>Ends the spans of processes that died before the watch began: what they did is found with everything else.</summary>
    public void ForgetOrphans()
    {
        foreach (var orphan in manager.SpansNow(options).Orphans)
        {
            manager.ForgetSpan(orphan);
        }
    }

    /// <summary>Records what was found, and what was held back and is free now.</summary>
    public async Task<IReadOnlyList<Snapshot>> RecordAsync(ChangeSet found)
    {
        var (heldWhole, heldPaths) = (_holdsWhole, _held.ToHashSet());
        Hold(found);
        var recorded = new List<Snapshot>();
        for (var attempt = 1; HoldsAny && attempt <= MaxAttempts; attempt++)
        {
            var spans = manager.SpansNow(options);
            var free = Free(spans);
            if (free == ChangeSet.Nothing || await TryRecordAsync(free, spans, path => heldWhole || heldPaths.Contains(path), recorded.Add).ConfigureAwait(false))
            {
                break;
            }
        }

        return recorded;
    }

    private ChangeSet Free(SpanView spans)
    {
        if (spans.HoldsAll)
        {
            return ChangeSet.Nothing; // whatever it is, nothing is read before the command has ended
        }

        var free = _held.Where(path => !spans.MayConcern(path)).ToList();
        return _holdsWhole ? ChangeSet.Everything : free.Count == 0 ? ChangeSet.Nothing : new ChangeSet(free, IsWhole: false);
    }

    /// <summary>Records what is free and holds it no more. False if somebody was faster, and it has to be tried again.</summary>
    private async Task<bool> TryRecordAsync(ChangeSet free, SpanView spans, Func<WorkspacePath, bool> wasHeld, Action<Snapshot> recorded)
    {
        try
        {
            var left = new List<WorkspacePath>();
            using (await manager.ShareAsync(CancellationToken.None).ConfigureAwait(false))
            {
                manager.RecordWatched(free, spans, wasHeld, left.Add, recorded);
            }

            foreach (var orphan in spans.Orphans)
            {
                manager.ForgetSpan(orphan);
            }

            _holdsWhole &= !free.IsWhole;
            _held.ExceptWith(free.Paths);
            _held.UnionWith(left);
            _trouble = null;
            return true;
        }
        catch (HeadMovedException)
        {
            return false;
        }
        catch (SavepointException e) when (e.Code == ErrorCode.Busy)
        {
            return true; // a restore that takes its time: all stays held, and is tried again
        }
        catch (SavepointException e) when (e.Code is ErrorCode.DiskFull or ErrorCode.Environment)
        {
            if (_trouble is null)
            {
                options.Trouble?.Report(e);
            }

            _trouble = e;
            return true;
        }
    }

    private void Hold(ChangeSet found)
    {
        _held.UnionWith(found.Paths);
        _holdsWhole |= found.IsWhole || _held.Count > ChangeBatch.MaxPathCount;
        if (_holdsWhole)
        {
            _held.Clear();
        }
    }
}
