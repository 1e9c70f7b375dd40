namespace Savepoint.Bench;

/// <summary>
/// A real history, 247 versions of a package (tests/data), captured one by one: what the whole store takes after a
/// clean-up, to git's pack of the same commits after one.
/// </summary>
internal static class HistoryBench
{
    public static Task<IReadOnlyList<Row>> RunAsync()
    {
        using var tree = new ScratchTree(files: 0, fileBytes: 0);
        var commits = RealHistory.Unpack(tree);
        var bare = RealHistory.Repository(tree);
        var capture = new Samples();
        foreach (var commit in commits)
        {
            RealHistory.CheckOut(tree, commit);
            capture.Add(Shell.Run(tree.Root, tree.Home, Shell.Savepoint, commit == commits[0] ? "init" : "capture"));
        }

        var uncleaned = ScratchTree.SizeOf(tree.StoreHome);
        Shell.Run(tree.Root, tree.Home, Shell.Savepoint, "gc");
        var cleaned = ScratchTree.SizeOf(tree.StoreHome);
        // -f: fast-import picks its deltas in passing; what `git gc` would leave is what we are to be held against.
        Shell.Git(tree.Root, tree.Home, "repack", "-q", "-a", "-d", "-f");
        var pack = new DirectoryInfo(Path.Combine(bare, "objects", "pack")).EnumerateFiles("*.pack").Sum(file => file.Length);
        // Once in L3: the archive's own bytes, packed by a clean-up, beside git's best.
        var made = new Samples();
        made.Add(Shell.Run(tree.Root, tree.Home, Shell.Savepoint, "milestone", "all"));
        var archive = new DirectoryInfo(tree.StoreHome).EnumerateFiles("*.l3", SearchOption.AllDirectories).Single();
        var quick = archive.Length;
        Shell.Run(tree.Root, tree.Home, Shell.Savepoint, "gc");
        archive.Refresh();
        Shell.Git(tree.Root, tree.Home, "gc", "-q", "--aggressive", "--prune=now");
        var best = new DirectoryInfo(Path.Combine(bare, "objects", "pack")).EnumerateFiles("*.pack").Sum(file => file.Length);
        return Task.FromResult<IReadOnlyList<Row>>(
        [
            new("store of a real history to git's pack of it", (double)cleaned / pack, 1.2, "×", $"{cleaned:N0} bytes after gc ({uncleaned:N0} before) to {pack:N0}, {commits.Length} versions, p50 of a capture {capture.P50:0.0} ms"),
            new("the same history in L3 to git's pack after gc --aggressive", (double)archive.Length / best, 0.7, "×", $"{archive.Length:N0} bytes ({quick:N0} as the milestone leaves it, made in {made.P50:0} ms) to {best:N0}; the archive's own bytes, beside the database"),
        ]);
    }
}
