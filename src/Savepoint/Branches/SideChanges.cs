using Savepoint.Model;

namespace Savepoint.Branches;

/// <summary>
/// What one side of a merge made of the base: the state of each path that differs, and where what stood at a path has moved to. Moves
/// are known from the history, from equal contents, and, for files that were moved and edited at once, from likeness. Pure.
/// </summary>
internal sealed class SideChanges
{
    private readonly Dictionary<WorkspacePath, FileChange> _changes;
    private readonly Dictionary<WorkspacePath, WorkspacePath> _to = [];
    private readonly HashSet<WorkspacePath> _targets = [];

    /// <param name="changes">The paths whose state differs from the base's, path by path.</param>
    /// <param name="exact">The same with moves of equal contents found.</param>
    /// <param name="follow">Where the history says that what stood at a path of the base is now; the path itself if it was not moved.</param>
    public SideChanges(IEnumerable<FileChange> changes, IEnumerable<FileChange> exact, Func<WorkspacePath, WorkspacePath> follow)
    {
        _changes = changes.ToDictionary(change => change.Path);
        foreach (var gone in _changes.Values.Where(change => change.After.IsAbsent && IsMovable(change.Before)))
        {
            if (follow(gone.Path) is var place && place != gone.Path && _changes.TryGetValue(place, out var come) && come is { Before.IsAbsent: true, After.IsAbsent: false })
            {
                Move(gone.Path, place);
            }
        }

        foreach (var move in exact.Where(change => change.OldPath is not null))
        {
            Move(move.OldPath!.Value, move.Path);
        }
    }

    /// <summary>Whether nothing differs from the base.</summary>
    public bool IsEmpty => _changes.Count == 0;

    /// <summary>The paths whose state differs.</summary>
    public IReadOnlyCollection<FileChange> Changes => _changes.Values;

    /// <summary>What is gone and has moved nowhere that is known.</summary>
    public IEnumerable<FileChange> Gone => _changes.Values.Where(change => change.After.IsAbsent && IsMovable(change.Before) && !_to.ContainsKey(change.Path));

    /// <summary>What has come and was moved from nowhere that is known.</summary>
    public IEnumerable<FileChange> Come => _changes.Values.Where(change => change.Before.IsAbsent && IsMovable(change.After) && !_targets.Contains(change.Path));

    /// <summary>Notes a move; nothing happens if either end has one.</summary>
    public void Move(WorkspacePath from, WorkspacePath to)
    {
        if (!_to.ContainsKey(from) && _targets.Add(to))
        {
            _to[from] = to;
        }
    }

    /// <summary>Where what stood at a path of the base is.</summary>
    public WorkspacePath PlaceOf(WorkspacePath path) => _to.GetValueOrDefault(path, path);

    /// <summary>Where what is at a path now stood in the base.</summary>
    public WorkspacePath OriginOf(WorkspacePath path) => _targets.Contains(path) ? _to.First(move => move.Value == path).Key : path;

    /// <summary>Whether what stood at a path of the base was moved.</summary>
    public bool IsMoved(WorkspacePath path) => _to.ContainsKey(path);

    /// <summary>Whether what stands at a path was moved there.</summary>
    public bool IsMoveTarget(WorkspacePath path) => _targets.Contains(path);

    /// <summary>The state at a path, given the base's.</summary>
    public FileState StateAt(WorkspacePath path, FileState before) => _changes.TryGetValue(path, out var change) ? change.After : before;

    private static bool IsMovable(FileState state) => state is FileState.Regular or FileState.Symlink;
}
