namespace Savepoint.Bench;

/// <summary>The recorded history of tests/data, as a repository beside a scratch tree.</summary>
internal static class RealHistory
{
    private const string RepositoryName = "shadow.git";

    /// <summary>Makes the repository; its commits, the oldest first.</summary>
    public static string[] Unpack(ScratchTree tree)
    {
        Unpack(tree.Home);
        Shell.Run(tree.Root, tree.Home, "sh", "-c", $"git --git-dir '{Repository(tree)}' rev-list --reverse --all > '{tree.Scratch}/commits'");
        return File.ReadAllLines(Path.Combine(tree.Scratch, "commits"));
    }

    /// <summary>Makes the repository in a folder; where it is.</summary>
    public static string Unpack(string folder)
    {
        var data = Environment.GetEnvironmentVariable("SAVEPOINT_BENCH_DATA") ?? throw new InvalidOperationException("Run bench/run or bench/decisions: they say where the data is.");
        var stream = Path.Combine(folder, "history");
        using (var source = new ZstdSharp.DecompressionStream(File.OpenRead(data)))
        using (var target = File.Create(stream))
        {
            source.SetParameter(ZstdSharp.Unsafe.ZSTD_dParameter.ZSTD_d_windowLogMax, 27);
            source.CopyTo(target);
        }

        var bare = Path.Combine(folder, RepositoryName);
        Shell.Run(folder, folder, "git", "init", "-q", "--bare", bare);
        Shell.Run(folder, folder, "sh", "-c", $"git --git-dir '{bare}' fast-import --quiet < '{stream}'");
        File.Delete(stream);
        return bare;
    }

    /// <summary>Where the repository is.</summary>
    public static string Repository(ScratchTree tree) => Path.Combine(tree.Home, RepositoryName);

    /// <summary>Makes the tree what a commit holds.</summary>
    public static void CheckOut(ScratchTree tree, string commit)
    {
        Shell.Git(tree.Root, tree.Home, "checkout", "-q", "--force", "--detach", commit);
        Shell.Git(tree.Root, tree.Home, "clean", "-qfdx");
    }
}
