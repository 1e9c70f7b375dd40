using Savepoint.Diffs;
using Savepoint.Exporting;
using Savepoint.Model;

namespace Savepoint;

/// <content>History and states in the forms that other programs read.</content>
public sealed partial class SnapshotManager
{
    /// <summary>What tells this history from any other: the hash of its first snapshot's record, in hexadecimal digits.</summary>
    public string HistoryId => Convert.ToHexStringLower(_store.MarkOf(new SnapshotNumber(1))?.ToBytes() ?? []);

    /// <summary>The branches that have a snapshot, with their newest one. <c>main</c> is the first; a branch comes after the one it forked from.</summary>
    public IReadOnlyList<(string Name, SnapshotNumber Head)> BranchHeads() =>
        [.. _store.Branches().Select(name => (name, Head: _store.Head(name))).Where(branch => branch.Head is not null).Select(branch => (branch.name, branch.Head!.Value))];

    /// <summary>The numbers of the snapshots that lead to one, along its branch and those it forked from, the oldest first.</summary>
    /// <param name="to">The last of them.</param>
    /// <param name="after">Only those after this one; null for all.</param>
    public IReadOnlyList<SnapshotNumber> WayTo(SnapshotNumber to, SnapshotNumber? after = null) => _store.WayTo(to, after?.Value ?? 0);

    /// <summary>Writes a state as a tar archive, streamed: modes, links, empty directories and any name; no owners.</summary>
    /// <param name="number">The state.</param>
    /// <param name="output">Where it goes.</param>
    /// <param name="cancellationToken">Ends it; what was written is not an archive then.</param>
    /// <returns>How many entries it has.</returns>
    /// <exception cref="SavepointException">A content is missing or damaged.</exception>
    public int WriteTar(SnapshotNumber number, Stream output, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        var header = _store.FindHeader(number) ?? throw RevisionResolver.Unknown($"snapshot {number}", $"The newest is {Head}.");
        var tar = new TarStream(output, _store.Contents, header.Time);
        var entries = _store.WholeTreeAt(number).ToList();
        entries.Sort((x, y) => x.Key.CompareTo(y.Key)); // a directory before what is in it
        foreach (var (path, state) in entries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            tar.Add(path, state);
        }

        tar.Finish();
        return entries.Count;
    }

    /// <summary>
    /// Writes what leads from one state to another as patches: a mailbox with a mail for each snapshot between them, if the one
    /// lies on the way to the other; otherwise one patch of the difference.
    /// </summary>
    /// <param name="from">Where the patches start.</param>
    /// <param name="to">Where they lead.</param>
    /// <param name="output">Where they go.</param>
    /// <param name="cancellationToken">Ends it between two patches.</param>
    /// <returns>How many patches there are, and the changes that git's format cannot say.</returns>
    /// <exception cref="SavepointException">A content is missing or damaged.</exception>
    public (int Count, IReadOnlyList<FileChange> Unexpressed) WritePatches(SnapshotNumber from, SnapshotNumber to, Stream output, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (!_store.WayTo(to, from.Value - 1).Contains(from))
        {
            var difference = Patch.Create(Compare(from, to), _store.Contents);
            difference.WriteTo(output);
            return (difference.Files.Count == 0 ? 0 : 1, difference.Unexpressed);
        }

        var count = 0;
        var unexpressed = new List<FileChange>();
        foreach (var number in _store.WayTo(to, from.Value))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var snapshot = GetSnapshot(number);
            var patch = Patch.Create(snapshot.Changes, _store.Contents);
            unexpressed.AddRange(patch.Unexpressed);
            if (patch.Files.Count > 0) // of an empty mail git am says that it is broken
            {
                PatchMail.Write(output, snapshot, patch);
                count++;
            }
        }

        return (count, unexpressed);
    }
}
