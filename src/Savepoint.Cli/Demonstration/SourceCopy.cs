using System.Diagnostics;
using Savepoint.Cli.Output;
using Savepoint.Model;

namespace Savepoint.Cli.Demonstration;

/// <summary>
/// The first act: the tree that is shown is recorded, read only, and written out again from its history. That the copy is
/// the original shows that the record is exact.
/// </summary>
internal static class SourceCopy
{
    /// <summary>Records the tree and makes the copy in the scratch folder; what the copy holds, or null if nothing in it may be changed.</summary>
    public static async Task<Manifest?> MakeAsync(Narrator narrator, DemoSource source, Scratch scratch, SnapshotOptions options, CancellationToken cancellationToken)
    {
        narrator.Step($"cd {SafeText.Of(source.Directory)}; savepoint init", "All that no rule ignores is recorded. The history lies elsewhere; nothing is written here.");
        var (workspace, baseline) = await SnapshotManager.InitAsync(source.Directory, options, cancellationToken: cancellationToken).ConfigureAwait(false);
        await using (workspace)
        {
            var tree = workspace.TreeAt(workspace.Head!.Value);
            var bytes = tree.Values.OfType<FileState.Regular>().Sum(file => file.SizeBytes);
            narrator.Result($"{Count<FileState.Regular>(tree, "file")}, {Count<FileState.Symlink>(tree, "link")}, {Count<FileState.Directory>(tree, "directory")}, {Quantity.Bytes(bytes)}; the history takes {Quantity.Bytes(workspace.StoreSizeBytes())}", baseline.Elapsed);
            foreach (var line in CoverageText.Lines(baseline.Coverage))
            {
                narrator.Tell($"  {line}");
            }

            return await WriteAsync(narrator, source, new Folder(scratch.At("copy")), workspace, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<Manifest?> WriteAsync(Narrator narrator, DemoSource source, Folder folder, SnapshotManager workspace, CancellationToken cancellationToken)
    {
        narrator.Step("savepoint cat 1 FILE >copy/FILE     (for each)", "A copy is written from the history alone.");
        var recorded = workspace.TreeAt(workspace.Head!.Value);
        var tree = HistoryCopy.Copyable(recorded);
        var started = Stopwatch.GetTimestamp();
        HistoryCopy.Write(tree, workspace.Contents, folder, cancellationToken);
        var elapsed = Stopwatch.GetElapsedTime(started);

        var copy = Manifest.Of(folder, cancellationToken);
        narrator.Result($"{Quantity.Of(copy.FileCount, "file")}, {Quantity.Bytes(copy.TotalBytes)} written", elapsed);
        var shut = recorded.Count - tree.Count;
        if (shut > 0)
        {
            narrator.Tell($"  left out of the copy, since their modes would shut out its owner: {Quantity.Of(shut, "entry")}");
        }

        var original = Manifest.Of(new Folder(workspace.Root), tree.Keys, cancellationToken);
        var meanwhile = original.IsSameAs(copy) ? [] : await ChangedMeanwhileAsync(workspace, cancellationToken).ConfigureAwait(false);
        if (meanwhile.Count > 0)
        {
            narrator.Tell($"  somebody is at work in {SafeText.Of(source.Directory)}; changed since it was recorded, and not compared: {Quantity.Of(meanwhile.Count, "entry")}");
        }

        narrator.Check(
            $"type, mode, SHA-256 and link target of {Quantity.Of(copy.Entries.Count, "entry")} are the original's",
            original.Without(meanwhile).IsSameAs(copy.Without(meanwhile)));
        return copy.HasReplaceableFile ? copy : null;
    }

    private static async Task<HashSet<WorkspacePath>> ChangedMeanwhileAsync(SnapshotManager workspace, CancellationToken cancellationToken)
    {
        var peeked = await workspace.PeekAsync(cancellationToken).ConfigureAwait(false);
        return [.. (peeked.Snapshot?.Changes ?? []).SelectMany(change => change.PerPath()).Select(change => change.Path)];
    }

    private static string Count<T>(IReadOnlyDictionary<WorkspacePath, FileState> tree, string noun) => Quantity.Of(tree.Values.OfType<T>().Count(), noun);
}
