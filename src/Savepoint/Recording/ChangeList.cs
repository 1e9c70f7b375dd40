using System.Text;
using Savepoint.Model;

namespace Savepoint.Recording;

/// <summary>
/// Turns states per path into changes: equal ones drop out, and a file that disappeared here and appeared there with the
/// same content is one move. Only exact content counts; a moved and edited file is a deletion and an addition.
/// </summary>
internal static class ChangeList
{
    /// <summary>The changes in path order.</summary>
    public static List<FileChange> Build(IEnumerable<FileChange> states)
    {
        var changes = states.Where(change => change.Before != change.After).ToList();
        var moves = FindMoves(changes);
        if (moves.Count > 0)
        {
            var sources = moves.Values.Select(move => move.Path).ToHashSet();
            changes = changes.Where(change => !sources.Contains(change.Path))
                .Select(change => moves.TryGetValue(change.Path, out var source) ? new FileChange(change.Path, source.Before, change.After, source.Path) : change)
                .ToList();
        }

        changes.Sort((x, y) => x.Path.CompareTo(y.Path));
        return changes;
    }

    /// <summary>For each path that something moved to, the disappearance it came from.</summary>
    private static Dictionary<WorkspacePath, FileChange> FindMoves(List<FileChange> changes)
    {
        var moves = new Dictionary<WorkspacePath, FileChange>();
        var gone = changes.Where(c => c.After.IsAbsent && IsMovable(c.Before)).ToLookup(c => (c.Before.ContentId, c.Before is FileState.Symlink));
        if (gone.Count == 0)
        {
            return moves;
        }

        var sources = new Dictionary<(ContentId?, bool), MoveSources>();
        foreach (var added in changes.Where(c => c.Before.IsAbsent && IsMovable(c.After)))
        {
            var content = (added.After.ContentId, added.After is FileState.Symlink);
            if (!gone.Contains(content))
            {
                continue;
            }

            if (!sources.TryGetValue(content, out var same))
            {
                sources[content] = same = new MoveSources(gone[content]);
            }

            if (same.TryTake(added.Path) is { } source)
            {
                moves[added.Path] = source;
            }
        }

        return moves;
    }

    // Empty files are all alike: that one went and another came says nothing.
    private static bool IsMovable(FileState state) => state is FileState.Regular { SizeBytes: > 0 } or FileState.Symlink;

    /// <summary>What went, of one content. Of several, the one of the same name is the likeliest to have moved, then the first.</summary>
    private sealed class MoveSources
    {
        private readonly Queue<FileChange> _inOrder;
        private readonly Dictionary<string, Queue<FileChange>> _byName;
        private readonly HashSet<WorkspacePath> _taken = [];

        public MoveSources(IEnumerable<FileChange> gone)
        {
            _inOrder = new Queue<FileChange>(gone.OrderBy(change => change.Path));
            _byName = _inOrder.GroupBy(change => NameOf(change.Path)).ToDictionary(same => same.Key, same => new Queue<FileChange>(same));
        }

        public FileChange? TryTake(WorkspacePath moved) =>
            (_byName.TryGetValue(NameOf(moved), out var same) ? Next(same) : null) ?? Next(_inOrder);

        private FileChange? Next(Queue<FileChange> queue)
        {
            while (queue.TryDequeue(out var next))
            {
                if (_taken.Add(next.Path))
                {
                    return next;
                }
            }

            return null;
        }

        private static string NameOf(WorkspacePath path) => Encoding.Latin1.GetString(path.Name);
    }
}
