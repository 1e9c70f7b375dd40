using Savepoint.Model;

namespace Savepoint.Storage.Milestones;

/// <summary>
/// A history block being written: snapshots one behind the other, the oldest first. Changes say only what the block's
/// earlier ones do not: the usual change of a file is a few bytes.
/// </summary>
internal sealed class HistoryBlock(IReadOnlyDictionary<ContentId, long> ordinals)
{
    /// <summary>A block this long is ended: what is lost with a flipped bit.</summary>
    public const int MaxBytes = 1024 * 1024;

    private readonly RecordWriter _record = new();
    private readonly PathStates _states = new();
    private long _lastNumber;
    private long _lastTime;

    public int Length => _record.Length;

    public byte[] ToArray() => _record.ToArray();

    public void Add(Snapshot snapshot)
    {
        var time = SnapshotTime.ToMicroseconds(snapshot.Time);
        _record.WriteSigned(snapshot.Number.Value - _lastNumber);
        _record.Write(snapshot.Parent is { } parent ? snapshot.Number.Value - parent.Value : 0);
        _record.WriteShared(snapshot.Branch);
        _record.Write((long)snapshot.Kind);
        _record.WriteSigned(time - _lastTime);
        _record.WriteShared(snapshot.Actor.Agent);
        _record.WriteShared(snapshot.Actor.Session);
        _record.WriteShared(snapshot.Actor.Turn);
        _record.WriteShared(snapshot.Actor.ToolCall);
        _record.WriteShared(snapshot.Tool);
        _record.WriteShared(snapshot.Message);
        _record.Write(snapshot.OperationCount);
        _record.Write(snapshot.Target?.Value ?? 0);
        _record.Write(snapshot.RedoCount);
        WriteEnding(snapshot);
        WriteCoverage(snapshot.Coverage);
        _record.Write(snapshot.Changes.Count);
        foreach (var change in snapshot.Changes)
        {
            Add(change);
        }

        (_lastNumber, _lastTime) = (snapshot.Number.Value, time);
    }

    /// <summary>The snapshots of a block, the oldest first.</summary>
    public static IEnumerable<ArchivedSnapshot> Read(byte[] bytes) => new HistoryBlockReader(bytes).Read();

    /// <inheritdoc cref="HistoryBlockReader.Read(MilestoneContents)"/>
    public static IEnumerable<Snapshot> Read(byte[] bytes, MilestoneContents contents) => new HistoryBlockReader(bytes).Read(contents);

    private void WriteEnding(Snapshot snapshot)
    {
        if (snapshot.ExitCode is { } code)
        {
            _record.Write(1);
            _record.WriteSigned(code);
        }
        else
        {
            _record.Write(0);
        }

        _record.Write(SnapshotTime.ToMicroseconds(snapshot.Duration) is { } duration ? duration + 1 : 0);
        _record.Write(snapshot.Git is null ? 0 : 1);
        if (snapshot.Git is { } git)
        {
            _record.WriteShared(git.Commit);
            _record.WriteShared(git.Branch);
        }
    }

    private void WriteCoverage(Coverage coverage)
    {
        _record.Write(coverage.IsComplete ? 1 : 0);
        _record.Write(coverage.ScannedCount);
        _record.Write(coverage.Skipped.Count);
        foreach (var skipped in coverage.Skipped)
        {
            _record.Write((long)skipped.Reason);
            _record.WriteShared(skipped.Path);
        }
    }

    private void Add(FileChange change)
    {
        var source = change.OldPath ?? change.Path;
        var before = ArchivedState.Of(change.Before, ordinals);
        var isKnown = _states.Find(source) == before;
        _record.Write((change.OldPath is null ? 0 : PathStates.IsMove) | (isKnown ? PathStates.IsKnown : 0));
        _record.WriteShared(change.Path);
        if (change.OldPath is { } old)
        {
            _record.WriteShared(old);
        }

        if (!isKnown)
        {
            before.Write(_record, 0, _states.LastOrdinal);
            _states.Saw(before);
        }

        var after = ArchivedState.Of(change.After, ordinals);
        after.Write(_record, before.Code, before.Ordinal ?? _states.LastOrdinal);
        _states.Apply(change.Path, change.OldPath, after);
    }
}
