using System.Diagnostics;

namespace Savepoint.Bench.Spec;

/// <summary>One history in our store and in git: what each takes on the disk, before any clean-up of ours and after all of it.</summary>
internal sealed class DiskPart(SpecTree tree, SpecSize size, SpecReport report)
{
    public async Task RunAsync(SnapshotManager manager)
    {
        using var git = new GitMirror(tree.Home);
        git.Commit(tree.AllFiles.Select(file => (file, File.ReadAllBytes(Path.Combine(tree.Root, file)))));
        for (var i = 0; i < size.HistoryEdits; i++)
        {
            var file = tree.Any();
            var edit = await manager.BeginEditAsync([file.Path]);
            file.Edit(tree.Text);
            await edit.CommitAsync();
            git.Commit([(file.Path.ToString(), file.Bytes)]);
        }

        git.Finish();
        var (store, pack) = (await tree.StoreBytesAtRestAsync(), git.Repack());
        report.Set($"disk-to-git-{size.Name}", (double)store / pack, size.HistoryEdits, Say("store", store, "git's pack", pack));
        await ArchiveAsync(manager, git);
    }

    private async Task ArchiveAsync(SnapshotManager manager, GitMirror git)
    {
        var name = $"disk-to-git-aggressive-{size.Name}";
        var started = Stopwatch.GetTimestamp();
        Shell.Run(tree.Root, tree.Home, Shell.Savepoint, "milestone", "everything");
        var elapsed = Stopwatch.GetElapsedTime(started);
        await manager.CleanUpAsync();
        var (store, pack) = (await tree.StoreBytesAtRestAsync(), git.PackAggressively());
        report.Set(name, (double)store / pack, size.HistoryEdits, $"{Say("store", store, "git's pack", pack)}; the first archive took {elapsed.TotalSeconds:0.0} s");
    }

    private string Say(string ours, long bytes, string theirs, long theirBytes) =>
        $"{ours} {bytes / 1e6:0.0} MB, {theirs} {theirBytes / 1e6:0.0} MB, {tree.AllFiles.Count:N0} files and {size.HistoryEdits:N0} edits";
}
