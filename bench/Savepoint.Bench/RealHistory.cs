namespace Savepoint.Bench;

/// <summary>The recorded history of tests/data, as a repository beside a scratch tree.</summary>
internal static class RealHistory
{
    /// <summary>Makes the repository; its commits, the oldest first.</summary>
    public static string[] Unpack(ScratchTree tree)
    {
        var data = Environment.GetEnvironmentVariable("SAVEPOINT_BENCH_DATA") ?? throw new InvalidOperationException("Run bench/run: it says where the data is.");
        var stream = Path.Combine(tree.Scratch, "history");
        using (var source = new ZstdSharp.DecompressionStream(File.OpenRead(data)))
        using (var target = File.Create(stream))
        {
            source.SetParameter(ZstdSharp.Unsafe.ZSTD_dParameter.ZSTD_d_windowLogMax, 27);
            source.CopyTo(target);
        }

        var bare = Repository(tree);
        Shell.Run(tree.Root, tree.Home, "git", "init", "-q", "--bare", bare);
        Shell.Run(tree.Root, tree.Home, "sh", "-c", $"git --git-dir '{bare}' fast-import --quiet < '{stream}'");
        Shell.Run(tree.Root, tree.Home, "sh", "-c", $"git --git-dir '{bare}' rev-list --reverse --all > '{tree.Scratch}/commits'");
        return File.ReadAllLines(Path.Combine(tree.Scratch, "commits"));
    }

    /// <summary>Where the repository is.</summary>
    public static string Repository(ScratchTree tree) => Path.Combine(tree.Home, "shadow.git");

    /// <summary>Makes the tree what a commit holds.</summary>
    public static void CheckOut(ScratchTree tree, string commit)
    {
        Shell.Git(tree.Root, tree.Home, "checkout", "-q", "--force", "--detach", commit);
        Shell.Git(tree.Root, tree.Home, "clean", "-qfdx");
    }
}
