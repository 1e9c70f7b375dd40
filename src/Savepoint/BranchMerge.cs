using Savepoint.Branches;
using Savepoint.Diffs;
using Savepoint.Model;
using Savepoint.Recording;
using Savepoint.Storage;

namespace Savepoint;

/// <summary>Another branch to be merged: its head as theirs, the head here as ours, and what both come from (docs/design/branches.md).</summary>
internal sealed class BranchMerge : IMergeSource
{
    private readonly SnapshotStore _store;
    private readonly string _branch;
    private readonly SnapshotNumber _theirs;
    private readonly ConflictMarkers? _markers;
    private readonly SideChanges _theirChanges;
    private readonly UnrecordedTree? _unrecorded;
    private List<WorkspacePath>? _places;
    private MergeSides? _sides;

    /// <param name="store">The history.</param>
    /// <param name="branch">The branch that is merged into.</param>
    /// <param name="name">What is merged, as people call it.</param>
    /// <param name="theirs">Its head.</param>
    /// <param name="writesMarkers">Whether lines that conflict are written with both versions.</param>
    /// <param name="unrecorded">What its working copy holds beyond its head, to be merged too; null: nothing.</param>
    /// <exception cref="SavepointException">The two have no snapshot in common.</exception>
    public BranchMerge(SnapshotStore store, string branch, string name, SnapshotNumber theirs, bool writesMarkers, UnrecordedTree? unrecorded = null)
    {
        (_store, _branch, _theirs, _unrecorded) = (store, branch, theirs, unrecorded);
        _markers = writesMarkers ? new ConflictMarkers { Ours = $"ours ({branch})", Theirs = $"theirs ({name})" } : null;
        var ours = store.Head(branch)!.Value;
        Base = BaseOf(store, ours, theirs)
            ?? throw new SavepointException(ErrorCode.UnknownRevision, $"'{name}' and '{branch}' have no snapshot in common.", "'savepoint log --all --graph' shows where both begin.");
        _theirChanges = ChangesBetween(store, Base, theirs, unrecorded);
    }

    /// <summary>What both come from.</summary>
    public SnapshotNumber Base { get; }

    /// <summary>The newest snapshot that two others both come from; null if they have none in common.</summary>
    public static SnapshotNumber? BaseOf(SnapshotStore store, SnapshotNumber ours, SnapshotNumber theirs) => store.ReadConsistently(() =>
        new MergeBase(number => store.FindHeader(number)!, rollback => store.IsWhole(rollback.Number, rollback.Target!.Value)).Find(ours, theirs));

    /// <summary>What was made of a state up to another that comes from it, and up to what is unrecorded there; moves found.</summary>
    public static SideChanges ChangesBetween(SnapshotStore store, SnapshotNumber from, SnapshotNumber to, UnrecordedTree? unrecorded = null)
    {
        var changes = unrecorded?.After(store.Between(from, to)) ?? store.Between(from, to);
        WorkspacePath Follow(WorkspacePath path) => store.History.Follow(path, from, to) is var place && unrecorded is null ? place : unrecorded!.PlaceOf(place);
        var side = new SideChanges(changes, ChangeList.Build(changes), Follow);
        LikeFiles.Find(side, unrecorded?.With(store.Contents) ?? store.Contents);
        return side;
    }

    /// <summary>Whether theirs has nothing that ours does not come from.</summary>
    public bool IsMerged => (Base == _theirs && _unrecorded is null) || _theirChanges.IsEmpty;

    /// <summary>Whether ours is as the base was, so that theirs is taken as it is: as the last merge found it.</summary>
    public bool IsFastForward { get; private set; }

    /// <inheritdoc/>
    public IEnumerable<WorkspacePath> Places => _places ??= [.. _store.ReadConsistently(Sides).Entries.SelectMany(entry => new[] { entry.Base.Path, entry.Ours.Path, entry.Theirs.Path }).Distinct()];

    /// <inheritdoc/>
    public TreeMergeResult Merge(IReadOnlyDictionary<WorkspacePath, FileState> unrecorded, IContentSource contents) => _store.ReadConsistently(() =>
    {
        var sides = Sides();
        FileState Now(WorkspacePath path) => unrecorded.TryGetValue(path, out var state) ? state : sides.AtHead(path);
        var inDirectories = new Lazy<ILookup<WorkspacePath, WorkspacePath>>(() => _store.HeadTree(_branch).Within(WorkspacePath.Root).Keys.ToLookup(path => path.Parent));
        var trees = new MergeTrees(Now, AtTheirs, directory => inDirectories.Value[directory]);
        var asNow = sides.Entries.ConvertAll(entry => unrecorded.ContainsKey(entry.Ours.Path) ? entry with { Ours = entry.Ours with { State = Now(entry.Ours.Path) } } : entry);
        var merged = TreeMerge.Merge(asNow, trees, _unrecorded?.With(contents) ?? contents, _markers);
        var conflicts = merged.Conflicts.Concat(sides.Conflicts).OrderBy(conflict => conflict.Path);
        merged = merged with { Conflicts = [.. conflicts.Select(conflict => conflict with { TheirSnapshot = _unrecorded is null ? _theirs : null })] };

        // What is unrecorded here is something that was done here.
        IsFastForward = sides.IsOursTheBase && unrecorded.Count == 0 && merged.Conflicts.Count == 0;
        return merged;
    });

    private FileState AtTheirs(WorkspacePath path) => _unrecorded is null ? _store.StateAt(_theirs, path) : _unrecorded.StateAt(path, () => _store.StateAt(_theirs, path));

    /// <summary>The entries to merge with the head as it is now: it may have moved since the last look. Inside a read of the store.</summary>
    private MergeSides Sides()
    {
        var head = _store.Head(_branch)!.Value;
        if (_sides?.Head == head)
        {
            return _sides;
        }

        var ours = ChangesBetween(_store, Base, head);
        var states = new Dictionary<WorkspacePath, FileState>();
        FileState AtHead(WorkspacePath path)
        {
            if (!states.TryGetValue(path, out var state))
            {
                states[path] = state = _store.StateAt(head, path);
            }

            return state;
        }

        var (entries, conflicts) = MergeEntries.Of(ours, _theirChanges, AtHead);
        _places = null;
        return _sides = new MergeSides(head, ours.IsEmpty, entries, conflicts, AtHead);
    }

    /// <summary>Both sides, brought together.</summary>
    /// <param name="Head">The head that is ours.</param>
    /// <param name="IsOursTheBase">Whether it is as the base was.</param>
    /// <param name="Entries">What is to be merged, each by itself.</param>
    /// <param name="Conflicts">What is none of an entry alone.</param>
    /// <param name="AtHead">What the head holds at a path.</param>
    private sealed record MergeSides(SnapshotNumber Head, bool IsOursTheBase, List<MergeEntry> Entries, List<MergeConflict> Conflicts, Func<WorkspacePath, FileState> AtHead);
}
