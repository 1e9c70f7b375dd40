using Savepoint.Diffs;
using Savepoint.Model;
using Savepoint.Storage;

namespace Savepoint;

/// <summary>
/// One operation to be inverted under all that came later: a merge whose base is the state after it, ours the state now, and
/// theirs the state before it (docs/design/merge.md). What it changed is looked for where it has been moved to since.
/// </summary>
internal sealed class Inversion : IMergeSource
{
    private readonly SnapshotStore _store;
    private readonly string _branch;
    private readonly SnapshotNumber _before;
    private readonly ConflictMarkers? _markers;
    private readonly List<(FileChange Change, WorkspacePath Now)> _entries;
    private readonly Dictionary<ContentId, byte[]> _partly;

    /// <param name="store">The history.</param>
    /// <param name="branch">The branch that is worked on.</param>
    /// <param name="head">Its head.</param>
    /// <param name="operation">What to invert, with its changes; not the baseline.</param>
    /// <param name="options">What of it.</param>
    /// <exception cref="SavepointException">It has no such hunk.</exception>
    public Inversion(SnapshotStore store, string branch, SnapshotNumber head, Snapshot operation, RevertOptions options)
    {
        _store = store;
        _branch = branch;
        _before = operation.Parent!.Value;
        _markers = !options.WritesMarkers ? null : new ConflictMarkers { Ours = "ours (now)", Theirs = $"theirs (before {operation.Number})" };
        var changes = operation.Changes.Where(change => options.Paths is not { } paths || paths.Any(path => change.Path.IsWithin(path) || change.OldPath?.IsWithin(path) == true)).ToList();
        (changes, _partly) = options.HunkNumber is { } hunk ? HunkOf(operation, changes, hunk) : (changes, []);
        _entries = Known(operation, changes).ConvertAll(change => (change, store.History.Follow(change.Path, operation.Number, head)));
    }

    /// <summary>Whether something was moved by it, or since.</summary>
    public bool HasMoves => _entries.Exists(entry => entry.Change.OldPath is not null || entry.Now != entry.Change.Path);

    /// <inheritdoc/>
    public IEnumerable<WorkspacePath> Places => _entries.SelectMany(entry => new[] { entry.Now, entry.Change.OldPath ?? entry.Change.Path }).Distinct();

    /// <inheritdoc/>
    public TreeMergeResult Merge(IReadOnlyDictionary<WorkspacePath, FileState> unrecorded, IContentSource contents) => _store.ReadConsistently(() =>
    {
        var head = _store.Head(_branch)!.Value;
        var inDirectories = new Lazy<ILookup<WorkspacePath, WorkspacePath>>(() => _store.HeadTree(_branch).Within(WorkspacePath.Root).Keys.ToLookup(path => path.Parent));
        FileState Now(WorkspacePath path) => unrecorded.TryGetValue(path, out var state) ? state : _store.StateAt(head, path);
        var trees = new MergeTrees(Now, path => _store.StateAt(_before, path), directory => inDirectories.Value[directory]);
        var entries = _entries.ConvertAll(entry => new MergeEntry(
            new MergePlace(entry.Change.Path, entry.Change.After),
            new MergePlace(entry.Now, Now(entry.Now)),
            new MergePlace(entry.Change.OldPath ?? entry.Change.Path, entry.Change.Before)));
        var merged = TreeMerge.Merge(entries, trees, new MadeContents(_partly, contents), _markers);
        return merged with
        {
            Conflicts = [.. merged.Conflicts.Select(conflict => conflict with { TheirSnapshot = _before })],
            Made = merged.Made.Concat(_partly).DistinctBy(made => made.Key).ToDictionary(),
        };
    });

    /// <summary>The changes but for what the operation recorded first, of which nobody knows whether it was there before: that stays (docs/design/undo-paths.md).</summary>
    private List<FileChange> Known(Snapshot operation, List<FileChange> changes)
    {
        var appeared = changes.FindAll(change => change.Before.IsAbsent).ConvertAll(change => change.Path);
        var unknown = appeared.Count == 0 ? [] : _store.FirstKnown(operation.Number, _before, appeared).Select(known => known.Path).ToHashSet();
        return unknown.Count == 0 ? changes : changes.FindAll(change => !unknown.Contains(change.Path));
    }

    /// <summary>The change that one hunk amounts to, and the content that a file would have without it.</summary>
    private (List<FileChange> Changes, Dictionary<ContentId, byte[]> Made) HunkOf(Snapshot operation, List<FileChange> changes, int number)
    {
        var before = 0; // hunks of the files that come first
        foreach (var change in changes)
        {
            var hunks = Patch.Create([change], _store.Contents).Files is [var file] ? file.Hunks : [];
            if (number - before > hunks.Count)
            {
                before += hunks.Count;
                continue;
            }

            // A file that the hunk is all of came or went with it.
            if (change.Before is not FileState.Regular || change.After is not FileState.Regular after)
            {
                return ([change], []);
            }

            var content = WithoutHunk(change, hunks[number - before - 1]);
            var id = ContentId.Of(content);
            return ([change with { Before = after with { Content = id, SizeBytes = content.Length } }], new Dictionary<ContentId, byte[]> { [id] = content });
        }

        throw new SavepointException(ErrorCode.NotInvertible, $"Snapshot {operation.Number} has {before} hunk{(before == 1 ? "" : "s")} there, not {number}.", $"'savepoint show {operation.Number}' shows them, in the order in which they are counted.");
    }

    private byte[] WithoutHunk(FileChange change, Hunk hunk)
    {
        var after = new FileVersion(change.After, _store.Contents.Read(change.After.ContentId!.Value));
        var only = new FilePatch { OldPath = change.Path, NewPath = change.Path, Hunks = [hunk.Reverse()] };
        return new Patch([only]).Apply(_ => after) is PatchApplyResult.Applied { Files: [var patched] }
            ? patched.After.Content.ToArray()
            : throw new InvalidOperationException($"A hunk of {change.Path} does not fit the file that it was made from.");
    }
}
