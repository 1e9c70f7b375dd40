using System.Diagnostics;

namespace Savepoint.Bench.Spec;

/// <summary>One history in our store and in git: what each takes on the disk after its clean-up, and once it is archived.</summary>
internal sealed class DiskPart(SpecTree tree, SpecSize size, SpecReport report)
{
    private const double LeastRecorded = 0.95; // a project may ignore some of its own files

    public static async Task RunAsync(SpecSize size, SpecReport report)
    {
        using var tree = new SpecTree(size);
        await using var manager = (await SnapshotManager.InitAsync(tree.Root, tree.Options)).Manager;
        await new DiskPart(tree, size, report).RunAsync(manager);
    }

    private async Task RunAsync(SnapshotManager manager)
    {
        using var git = new GitMirror(tree.Home);
        var recorded = manager.TreeAt(manager.Head!.Value).Keys.Select(path => path.ToString()).ToHashSet(StringComparer.Ordinal);
        var files = tree.AllFiles.Where(recorded.Contains).ToList();
        if (files.Count < tree.AllFiles.Count * LeastRecorded)
        {
            throw new InvalidOperationException($"Only {files.Count} of {tree.AllFiles.Count} files were recorded: the project ignores the rest, and a comparison would say nothing.");
        }

        git.Commit(files.Select(file => (file, File.ReadAllBytes(Path.Combine(tree.Root, file)))));
        for (var i = 0; i < size.HistoryEdits; i++)
        {
            var file = tree.Any();
            var edit = await manager.BeginEditAsync([file.Path]);
            file.Edit(tree.Text);
            await edit.CommitAsync();
            git.Commit([(file.Path.ToString(), file.Bytes)]);
        }

        git.Finish();
        await PackAsync(manager, git);
        await ArchiveAsync(manager, git);
    }

    /// <summary>Every snapshot is still its own; both have searched for deltas once more.</summary>
    private async Task PackAsync(SnapshotManager manager, GitMirror git)
    {
        var captured = await tree.StoreBytesAtRestAsync();
        report.Set($"disk-size-{size.Name}", captured / 1e6, size.HistoryEdits, $"{tree.AllFiles.Count:N0} files and {size.HistoryEdits:N0} edits");
        await manager.CleanUpAsync();
        var (store, pack) = (await tree.StoreBytesAtRestAsync(), git.Repack());
        report.Set($"disk-to-git-{size.Name}", (double)store / pack, size.HistoryEdits, $"{Say("store", store, "git's pack", pack)}; {captured / 1e6:0.00} MB as captured");
    }

    private async Task ArchiveAsync(SnapshotManager manager, GitMirror git)
    {
        var name = $"disk-to-git-aggressive-{size.Name}";
        var started = Stopwatch.GetTimestamp();
        Shell.Run(tree.Root, tree.Home, Shell.Savepoint, "milestone", "everything");
        var elapsed = Stopwatch.GetElapsedTime(started);
        await manager.CleanUpAsync();
        var archive = new DirectoryInfo(tree.StoreHome).EnumerateFiles("*.l3", SearchOption.AllDirectories).Sum(file => file.Length);
        var (both, pack) = (await tree.StoreBytesAtRestAsync(), git.PackAggressively());
        report.Set(name, (double)archive / pack, size.HistoryEdits, $"{Say("L3", archive, "git's pack", pack)}; with the database, which keeps its own copy, {both / 1e6:0.00} MB; made in {elapsed.TotalSeconds:0.0} s");
    }

    private string Say(string ours, long bytes, string theirs, long theirBytes) =>
        $"{ours} {bytes / 1e6:0.00} MB, {theirs} {theirBytes / 1e6:0.00} MB, {tree.AllFiles.Count:N0} files and {size.HistoryEdits:N0} edits";
}
