using Savepoint.Model;

namespace Savepoint.Recording;

/// <summary>
/// What some snapshots of a history did by themselves, whatever others did between them. On each path, changes that follow
/// each other (the state after the one is the state before the next) become one, from the first before to the last after;
/// where another's change lies between, a new piece begins. So no byte that others changed counts as changed here. Pure.
/// </summary>
internal sealed class OwnChanges
{
    private readonly Dictionary<WorkspacePath, List<Piece>> _pieces = [];

    /// <summary>The changes of these snapshots, the oldest first.</summary>
    public static OwnChanges Of(IEnumerable<Snapshot> snapshots)
    {
        var own = new OwnChanges();
        foreach (var snapshot in snapshots)
        {
            foreach (var change in snapshot.Changes.SelectMany(change => change.PerPath()))
            {
                own.Add(snapshot.Number, change);
            }
        }

        return own;
    }

    /// <summary>
    /// The pieces as changes: first the first piece of each path, in path order with moves found, then the second ones, and
    /// so on. Pieces that come to nothing drop out.
    /// </summary>
    public List<FileChange> Build()
    {
        var changes = new List<FileChange>();
        for (var round = 0; _pieces.Values.Any(pieces => pieces.Count > round); round++)
        {
            changes.AddRange(ChangeList.Build(_pieces.Values.Where(pieces => pieces.Count > round).Select(pieces => pieces[round].Change)));
        }

        return changes;
    }

    /// <summary>The stretches of history in which others changed a path of ours, in path order.</summary>
    public IEnumerable<(WorkspacePath Path, SnapshotNumber After, SnapshotNumber Before)> Gaps() =>
        _pieces.OrderBy(path => path.Key).SelectMany(path => path.Value.Zip(path.Value.Skip(1), (piece, next) => (path.Key, piece.Last, next.First)));

    /// <summary>How many of the paths are files or links on either side.</summary>
    public int FileCount() => _pieces.Values.Count(pieces => pieces.Exists(piece => IsFile(piece.Change.Before) || IsFile(piece.Change.After)));

    private void Add(SnapshotNumber number, FileChange change)
    {
        if (!_pieces.TryGetValue(change.Path, out var pieces))
        {
            _pieces[change.Path] = pieces = [];
        }

        if (pieces is [.., var last] && last.Change.After == change.Before)
        {
            pieces[^1] = last with { Change = last.Change with { After = change.After }, Last = number };
        }
        else
        {
            pieces.Add(new Piece(change, number, number));
        }
    }

    private static bool IsFile(FileState state) => state is FileState.Regular or FileState.Symlink;

    private sealed record Piece(FileChange Change, SnapshotNumber First, SnapshotNumber Last);
}
