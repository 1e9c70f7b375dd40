using Savepoint.Model;
using Savepoint.Recording;
using Savepoint.Restoring;
using Savepoint.Storage;
using Savepoint.Workspaces;
using Savepoint.Workspaces.Copies;
using Savepoint.Workspaces.Scanning;

namespace Savepoint;

/// <content>The files of working copies and frozen bases: copied as they are, then taken to what a branch's head records (docs/design/branches.md).</content>
public sealed partial class SnapshotManager
{
    /// <summary>Copies the tree, and takes the copy to what the head of a branch records.</summary>
    /// <param name="work">Which copy, for whom.</param>
    /// <param name="ignored">Takes what is ignored; null if nobody asks.</param>
    /// <param name="cancellationToken">Ends it; the caller takes away what is there.</param>
    /// <returns>What was copied, and the bytes of the scan index of the copy.</returns>
    private (CopyReport Report, byte[] Index) CopyTree(CopyWork work, IgnoredSum? ignored, CancellationToken cancellationToken)
    {
        var known = new CopiedStates(ScanIndexFile.Load(IndexFile));
        var options = new CopyOptions { FinalRoot = work.FinalRoot, Excluded = Excluded(), Donor = work.Donor, Ignored = ignored, Copied = known.Add };
        var report = TreeCopier.Copy(Root, work.Directory, CopiedRules(), options, cancellationToken);
        return Settle(work, known.ToIndex(), cancellationToken) is { } index ? (report, index) : CopyAgain(work, ignored, cancellationToken);
    }

    // A file that a donor shares has its mode changed for both: the rare copy that needs that is made without one.
    private (CopyReport Report, byte[] Index) CopyAgain(CopyWork work, IgnoredSum? ignored, CancellationToken cancellationToken)
    {
        FolderRemoval.Delete(work.Directory);
        StoreCatalog.CreatePrivateDirectory(work.Directory);
        return CopyTree(work with { Donor = null }, ignored is null ? null : new IgnoredSum(), cancellationToken);
    }

    private CopyRules CopiedRules()
    {
        var recorded = new Lazy<HashSet<WorkspacePath>>(() =>
        {
            var paths = _store.HeadTree(Branch).Within(WorkspacePath.Root).Keys;
            return [.. paths, .. paths.SelectMany(path => path.Ancestors())];
        });
        var include = Path.Combine(Root, CopyRules.IncludeFileName);
        return CopyRules.Create(new WorkspaceRules(RulesRoot, GitUser()), File.Exists(include) ? File.ReadAllBytes(include) : null, path => recorded.Value.Contains(path));
    }

    private List<string> Excluded() => [.. new[] { StoreDirectory, _options.StoreHome }.Where(own => !StoreCatalog.IsWithin(Root, own))];

    /// <summary>
    /// Compares a copy with what the branch's head records, and makes it that: the head may be another state than the tree is in, and the tree may have been written to
    /// while it was copied. Files that were copied as the index of the original knows them are not read.
    /// </summary>
    /// <returns>The index of the copy; null if it cannot be done with files that a donor shares.</returns>
    private byte[]? Settle(CopyWork work, ScanIndex known, CancellationToken cancellationToken)
    {
        using var tree = WorkspaceTree.Open(work.Directory);
        var startedNs = (_options.Time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
        var head = _store.ReadHead(work.Branch, HeadMark.None);
        var states = new StateTree();
        foreach (var (path, state) in head.States)
        {
            states.Set(path, state);
        }

        var rules = new WorkspaceRules(RulesRoot, GitUser());
        var scan = new ScanOptions { Index = known, IsIndexOfHead = false, News = states, Scope = rules, Tracked = rules.Tracked };
        var found = new TreeScanner(tree, _options.Time).Scan(scan, cancellationToken);
        var coverage = new CoverageBuilder();
        var recorder = new TreeRecorder(found, new StateReader(tree, HashingSink.Instance, _limits, coverage), coverage);
        var differing = recorder.Record(() => false, cancellationToken).SelectMany(change => change.PerPath()).ToList();
        recorder.AddTo(states, startedNs);
        if (work.Donor is not null && differing.Exists(change => change is { Before: FileState.Regular before, After: FileState.Regular after } && before.Content == after.Content))
        {
            return null;
        }

        // What no snapshot has is taken away, unless the capture before the copy did not come to it.
        TakeBack(tree, [.. differing.Where(change => work.IsOfWholeTree || !change.Before.IsAbsent)], head.Head);
        foreach (var change in differing)
        {
            states.Set(change.Path, change.Before);
        }

        return ScanIndexWriter.Write(ScanIndex.Empty, states, head.Head);
    }

    private void TakeBack(WorkspaceTree copy, List<FileChange> differing, HeadMark head)
    {
        if (differing.Count == 0)
        {
            return;
        }

        var (plan, _) = Plan(differing.ConvertAll(change => change.Reverse()), copy, new SnapshotNumber(head.Number));
        var outcome = new Restorer(copy, _layers, path => ReadNow(copy, path), syncFiles: false).Run(plan, 0);
        RefuseDamage(outcome);
        if (outcome != RestoreOutcome.Done)
        {
            throw new SavepointException(
                ErrorCode.RestoreFailed, $"The copy could not be taken to snapshot {head.Number}: {outcome.FailedPath} ({outcome.Reason?.TrimEnd('.')}).", "Look at what stands there in the workspace, and repeat the command.");
        }
    }

    /// <summary>A copy to be made.</summary>
    /// <param name="Directory">Where, an empty directory.</param>
    /// <param name="FinalRoot">Where it will be seen.</param>
    /// <param name="Branch">The branch whose head it shall be.</param>
    /// <param name="IsOfWholeTree">Whether all of the tree was looked at, so that what is not in a snapshot came later.</param>
    /// <param name="Donor">See <see cref="CopyOptions.Donor"/>.</param>
    private sealed record CopyWork(string Directory, string FinalRoot, string Branch, bool IsOfWholeTree, CopyDonor? Donor = null);
}
