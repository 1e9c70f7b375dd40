using Savepoint.Model;

namespace Savepoint.Diffs;

/// <summary>What merging a tree's entries gave.</summary>
/// <param name="Changes">What has to change in our tree, in path order; with conflicts, what could be merged, or has markers in it.</param>
/// <param name="Conflicts">Where somebody has to decide, in path order.</param>
/// <param name="Made">The contents that no side had, by their ids.</param>
internal sealed record TreeMergeResult(IReadOnlyList<FileChange> Changes, IReadOnlyList<MergeConflict> Conflicts, IReadOnlyDictionary<ContentId, byte[]> Made);

/// <summary>
/// Merges entries of a tree. What goes in: each entry that theirs changed, as the three trees have it. Each is merged by
/// itself (<see cref="EntryMerge"/>); then the results must fit together and into our tree: nothing is put where something
/// else stands, a directory that others still use stays, and one that is needed is there. A revert asks for it with one
/// operation's entries; a merge of branches with all that theirs changed since the base. Pure.
/// </summary>
internal sealed class TreeMerge
{
    private readonly MergeTrees _trees;
    private readonly Dictionary<WorkspacePath, FileState> _wanted = [];
    private readonly Dictionary<WorkspacePath, WorkspacePath> _movedFrom = []; // where ours has what theirs moved to a path
    private readonly HashSet<WorkspacePath> _kept = []; // where ours stays since it conflicts
    private readonly List<(MergeConflict Conflict, MergePlace? Marked)> _conflicts = [];
    private bool _isToSettle = true;

    private TreeMerge(MergeTrees trees) => _trees = trees;

    /// <inheritdoc cref="TreeMerge"/>
    /// <param name="entries">What theirs changed.</param>
    /// <param name="trees">The trees around them.</param>
    /// <param name="contents">Has every content that the entries name.</param>
    /// <param name="markers">How conflicts in a text are written into it; null: they are not.</param>
    public static TreeMergeResult Merge(IReadOnlyCollection<MergeEntry> entries, MergeTrees trees, IContentSource contents, ConflictMarkers? markers = null)
    {
        var (merge, each) = (new TreeMerge(trees), new EntryMerge(contents, markers));
        var places = entries.Select(entry => entry.Ours.Path).ToHashSet();
        foreach (var entry in entries)
        {
            merge.Add(entry, places, each);
        }

        merge.KeepOurs();
        while (merge._isToSettle)
        {
            merge._isToSettle = false;
            merge.SettleDirectories();
            merge.AddParents();
        }

        return new TreeMergeResult(
            [.. merge._wanted.Select(wanted => new FileChange(wanted.Key, trees.Ours(wanted.Key), wanted.Value)).Where(change => change.Before != change.After).OrderBy(change => change.Path)],
            [.. merge._conflicts.Select(merge.WithMarkers).OrderBy(conflict => conflict.Path)],
            each.Made);
    }

    private void Add(MergeEntry entry, HashSet<WorkspacePath> places, EntryMerge each)
    {
        if (IsThere(entry, places))
        {
            return;
        }

        var (merged, conflict) = each.Merge(entry);
        if (conflict is not null)
        {
            _conflicts.Add((conflict, merged));
        }

        if (merged is not { } place)
        {
            _kept.Add(entry.Ours.Path);
            return;
        }

        if (place.Path != entry.Ours.Path)
        {
            if (IsTaken(place, places))
            {
                _conflicts.Add((new MergeConflict(place.Path, MergeConflictKind.AddAdd).With(entry.Theirs.Path, entry.Theirs.State), null));
                return;
            }

            if (_wanted.TryAdd(entry.Ours.Path, FileState.None))
            {
                _movedFrom[place.Path] = entry.Ours.Path;
            }
        }

        // Two entries for one place: each is somebody's, so nobody can say which. What ours has there stays.
        if (!place.State.IsAbsent && _wanted.GetValueOrDefault(place.Path) is { IsAbsent: false } other && other != place.State && !GivesWay(place.Path))
        {
            if (conflict is null)
            {
                _conflicts.Add((new MergeConflict(place.Path, MergeConflictKind.AddAdd).With(entry.Theirs.Path, entry.Theirs.State), null));
            }

            return;
        }

        // Where one entry leaves and another comes, the one that comes counts.
        if (!place.State.IsAbsent || !_wanted.ContainsKey(place.Path))
        {
            _wanted[place.Path] = place.State;
        }
    }

    /// <summary>Where theirs moved something to a path that ours has otherwise: it stays where it was. False where nothing was moved there.</summary>
    private bool GivesWay(WorkspacePath path)
    {
        if (!_movedFrom.ContainsKey(path))
        {
            return false;
        }

        _conflicts.Add((new MergeConflict(path, MergeConflictKind.AddAdd).With(path, _trees.Theirs(path)), null));
        Drop(path);
        return true;
    }

    /// <summary>What conflicts stays as ours has it, whatever theirs moved there.</summary>
    private void KeepOurs()
    {
        foreach (var path in _kept.Where(path => _wanted.GetValueOrDefault(path) is { IsAbsent: false }))
        {
            GivesWay(path);
        }
    }

    /// <summary>What cannot come does not leave where it is, either; the directories around that are looked at again.</summary>
    private void Drop(WorkspacePath path)
    {
        _wanted.Remove(path);
        if (_movedFrom.Remove(path, out var from) && _wanted.GetValueOrDefault(from) is { IsAbsent: true })
        {
            _wanted.Remove(from);
            _isToSettle = true;
        }
    }

    /// <summary>A conflict whose text with markers comes to stand in the tree says where.</summary>
    private MergeConflict WithMarkers((MergeConflict Conflict, MergePlace? Marked) found) =>
        found.Marked is { } marked && _wanted.GetValueOrDefault(marked.Path) == marked.State ? found.Conflict with { MarkedPath = marked.Path } : found.Conflict;

    /// <summary>Whether our tree has already what theirs made of an entry: gone from where it was, and at its other place as theirs has it.</summary>
    private bool IsThere(MergeEntry entry, HashSet<WorkspacePath> places) =>
        entry.Ours.State.IsAbsent && !places.Contains(entry.Theirs.Path) && _trees.Ours(entry.Theirs.Path) == entry.Theirs.State;

    /// <summary>Whether something stands where an entry shall be moved to that is not itself being merged.</summary>
    private bool IsTaken(MergePlace place, HashSet<WorkspacePath> places) =>
        (!places.Contains(place.Path) && !_trees.Ours(place.Path).IsAbsent) || _wanted.GetValueOrDefault(place.Path) is { IsAbsent: false };

    /// <summary>A directory that shall go stays where something in it stays; where something else shall take its place, that cannot be.</summary>
    private void SettleDirectories()
    {
        var going = _wanted.Where(wanted => wanted.Value is not FileState.Directory && _trees.Ours(wanted.Key) is FileState.Directory).Select(wanted => wanted.Key);
        foreach (var directory in going.OrderDescending().ToList())
        {
            if (_trees.Entries(directory).All(entry => _wanted.GetValueOrDefault(entry) is { IsAbsent: true }))
            {
                continue;
            }

            if (!_wanted[directory].IsAbsent)
            {
                _conflicts.Add((new MergeConflict(directory, MergeConflictKind.Directory).With(directory, _trees.Theirs(directory)), null));
            }

            Drop(directory);
        }
    }

    /// <summary>The directories above what comes, as their tree has them; where ours has something else, the entry cannot come.</summary>
    private void AddParents()
    {
        foreach (var path in _wanted.Where(wanted => !wanted.Value.IsAbsent).Select(wanted => wanted.Key).Order().ToList())
        {
            foreach (var above in path.Ancestors())
            {
                var state = _wanted.GetValueOrDefault(above) ?? _trees.Ours(above);
                if (state.IsAbsent && _trees.Theirs(above) is FileState.Directory directory)
                {
                    _wanted[above] = directory;
                }
                else if (state is not FileState.Directory)
                {
                    _conflicts.Add((new MergeConflict(path, MergeConflictKind.Directory).With(path, _trees.Theirs(path)), null));
                    Drop(path);
                    break;
                }
            }
        }
    }
}
