using System.Runtime.CompilerServices;
using Savepoint.Diffs;
using Savepoint.Model;
using Savepoint.Storage;

namespace Savepoint;

/// <content>Reading: revisions, history, diffs, contents, labels.</content>
public sealed partial class SnapshotManager
{
    /// <summary>Recorded bytes by their id, for showing a <see cref="Snapshot"/>'s changes.</summary>
    public IContentSource Contents => _store.Contents;

    /// <summary>The snapshot that a revision names.</summary>
    /// <exception cref="SavepointException">There is none (<see cref="ErrorCode.UnknownRevision"/>); the hint has the nearest ones.</exception>
    public SnapshotNumber Resolve(Revision revision) => new RevisionResolver(_store, Branch, _options.Time).Resolve(revision);

    /// <summary>A snapshot with its changes; the last of those that compaction merged, with what they changed together.</summary>
    /// <exception cref="SavepointException">There is none of this number.</exception>
    public Snapshot GetSnapshot(SnapshotNumber number) =>
        _store.History.Find(number) is { } snapshot ? WithMoves(snapshot) : throw RevisionResolver.Unknown($"snapshot {number}", $"The newest is {Head}.");

    /// <summary>Where the snapshot of a number went when compaction merged it; null if it was not merged, or is the last of those that were.</summary>
    public MergedNumber? FindMerged(SnapshotNumber number) => _store.Merges.Find(number);

    /// <summary>The history, newest first, read page by page as it is enumerated.</summary>
    /// <param name="filter">Which snapshots; null for those of the current branch.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    public async IAsyncEnumerable<Snapshot> HistoryAsync(HistoryFilter? filter = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        filter ??= new HistoryFilter();
        if (filter.Branch is null)
        {
            filter = filter with { Branch = Branch };
        }

        SnapshotNumber? before = null;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var page = _store.History.Page(filter, before);
            foreach (var snapshot in page)
            {
                yield return WithMoves(snapshot);
            }

            if (page.Count < SnapshotReader.PageLength)
            {
                yield break;
            }

            before = page[^1].Number;
            await Task.Yield();
        }
    }

    /// <summary>The paths whose state differs between two snapshots, in path order, moves found.</summary>
    public IReadOnlyList<FileChange> Compare(SnapshotNumber from, SnapshotNumber to) => Recording.ChangeList.Build(_store.Between(from, to));

    /// <summary>The difference between two snapshots as a patch.</summary>
    /// <param name="from">Where the patch starts.</param>
    /// <param name="to">Where it leads; null for the tree as it is now, unrecorded changes included.</param>
    /// <param name="paths">Entries to look at, each with all below it; null for all.</param>
    /// <param name="options">How the patch is made; null for <see cref="PatchOptions.Default"/>.</param>
    /// <param name="cancellationToken">Ends the scan of the tree.</param>
    /// <remarks>Large files of the patch are read when it is written; one that is changed in the tree before that gives bytes that git refuses.</remarks>
    public async Task<(IReadOnlyList<FileChange> Changes, Patch Patch)> DiffAsync(
        SnapshotNumber from, SnapshotNumber? to = null, IReadOnlyList<WorkspacePath>? paths = null, PatchOptions? options = null, CancellationToken cancellationToken = default)
    {
        var (changes, contents) = to is { } number ? (Compare(from, number), _store.Contents) : await CompareWithTreeAsync(from, cancellationToken).ConfigureAwait(false);
        if (paths is not null)
        {
            changes = [.. changes.SelectMany(change => change.At(paths))];
        }

        return (changes, Patch.Create(changes, contents, options));
    }

    /// <summary>What stood at a path at a snapshot.</summary>
    public FileState StateAt(SnapshotNumber number, WorkspacePath path) => _store.StateAt(number, path);

    /// <summary>All that stood at and below a directory at a snapshot.</summary>
    public IReadOnlyDictionary<WorkspacePath, FileState> TreeAt(SnapshotNumber number, WorkspacePath directory = default) => _store.TreeAt(number, directory);

    /// <summary>Names a snapshot.</summary>
    /// <exception cref="SavepointException">The name is taken or not allowed.</exception>
    public Label AddLabel(string name, SnapshotNumber snapshot, Retention retention = Retention.Permanent, string? session = null)
    {
        var label = new Label(name, snapshot, LabelKind.Checkpoint, retention, _options.Time.GetUtcNow(), session);
        _store.AddLabel(label);
        return label;
    }

    /// <summary>Takes a name off; whether there was one.</summary>
    public bool RemoveLabel(string name) => _store.RemoveLabel(name);

    /// <summary>All labels, the newest snapshot first.</summary>
    public IReadOnlyList<Label> Labels() => _store.Labels();

    /// <summary>Compares every record and content with its hash.</summary>
    /// <param name="deep">Whether to check the structure of the whole database as well.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public StoreDamage Verify(bool deep = false, CancellationToken cancellationToken = default) => _store.Verify(deep, NewestKnown(StoreDirectory, 0), _options.Time.GetUtcNow(), cancellationToken);

    /// <summary>What the store takes on disk, in bytes: database, log, index and archives. One that is gone takes nothing; what uses it says so.</summary>
    public long StoreSizeBytes()
    {
        try
        {
            return Directory.EnumerateFiles(StoreDirectory).Sum(file => new FileInfo(file) is { Exists: true } info ? info.Length : 0) + _store.Milestones.SizeBytes();
        }
        catch (DirectoryNotFoundException)
        {
            return 0;
        }
    }

    private static Snapshot WithMoves(Snapshot snapshot) =>
        snapshot.MergedFrom is null ? snapshot : snapshot with { Changes = Recording.ChangeList.Build(snapshot.Changes) };

    private async Task<(IReadOnlyList<FileChange> Changes, IContentSource Contents)> CompareWithTreeAsync(SnapshotNumber from, CancellationToken cancellationToken)
    {
        var peeked = await PeekAsync(cancellationToken).ConfigureAwait(false);
        var working = (peeked.Snapshot?.Changes ?? []).SelectMany(change => change.PerPath()).ToDictionary(change => change.Path);
        var states = new Dictionary<WorkspacePath, FileChange>();
        foreach (var change in _store.Between(from, Head!.Value))
        {
            states[change.Path] = working.TryGetValue(change.Path, out var now) ? change with { After = now.After } : change;
        }

        foreach (var change in working.Values.Where(change => !states.ContainsKey(change.Path)))
        {
            states[change.Path] = change;
        }

        var changes = Recording.ChangeList.Build(states.Values);
        return (changes, new WorkingContents(_store.Contents, _tree, working.Values));
    }
}
