using Savepoint.Model;

namespace Savepoint.Storage.Milestones;

/// <summary>Writes snapshots as history blocks, and counts them.</summary>
internal sealed class HistoryPart(MilestoneFileWriter file, IReadOnlyDictionary<ContentId, long> ordinals, int level)
{
    private readonly HashSet<WorkspacePath> _paths = [];
    private readonly HashSet<string> _sessions = new(StringComparer.Ordinal);
    private HistoryBlock _block = new(ordinals);
    private Snapshot? _first;
    private long _snapshots, _operations, _undos;

    /// <summary>The snapshot added last.</summary>
    public Snapshot Last { get; private set; } = null!;

    public MilestoneStatistics Statistics => new(_snapshots, _operations, _undos, _paths.Count, _sessions.Count, _first!.Time, Last.Time, 0, 0, 0);

    public void Add(Snapshot snapshot)
    {
        _block.Add(snapshot);
        if (_block.Length >= HistoryBlock.MaxBytes)
        {
            Finish();
        }

        _first ??= snapshot;
        Last = snapshot with { Changes = [] };
        _snapshots++;
        _operations += snapshot.OperationCount;
        _undos += snapshot.Kind is SnapshotKind.Undo or SnapshotKind.Redo ? 1 : 0;
        _paths.UnionWith(snapshot.Changes.SelectMany(change => change.PerPath()).Select(change => change.Path));
        if (snapshot.Actor.Session is { } session)
        {
            _sessions.Add(session);
        }
    }

    /// <summary>Writes what is left.</summary>
    public void Finish()
    {
        if (_block.Length > 0)
        {
            file.Add(BlockKind.History, _block.ToArray(), level);
            _block = new HistoryBlock(ordinals);
        }
    }
}
