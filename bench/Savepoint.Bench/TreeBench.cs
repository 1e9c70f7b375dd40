namespace Savepoint.Bench;

/// <summary>Whole processes on a tree of 79,000 files, in turn with git on the same edits. The cache is warm.</summary>
internal static class TreeBench
{
    private const int Rounds = 15;
    private const double MegaByte = 1 << 20;

    public static Task<IReadOnlyList<Row>> RunAsync()
    {
        using var tree = LargeTree.TryMake();
        return Task.FromResult(tree is null ? [] : Run(tree));
    }

    private static IReadOnlyList<Row> Run(LargeTree tree)
    {
        var paths = tree.Paths();
        foreach (var file in Directory.EnumerateFiles(tree.Root, "*", SearchOption.AllDirectories))
        {
            File.ReadAllBytes(file); // into the cache, for both alike
        }

        Shell.Run(tree.Root, tree.Home, "git", "init", "-q", "--bare", Path.Combine(tree.Home, "shadow.git"));
        var init = Shell.Run(tree.Root, tree.Home, Shell.Savepoint, "init");
        var gitInit = AddAndCommit(tree);
        var (store, gitStore) = (SizeOf(tree, "stores"), SizeOf(tree, "shadow.git"));

        var edited = Directory.EnumerateFiles(tree.Root, "*.c", SearchOption.AllDirectories).First();
        var (capture, nothing, bare) = (new Samples(), new Samples(), new Samples());
        var (git, gitNothing, gitStatus) = (new Samples(), new Samples(), new Samples());
        for (var round = 0; round < Rounds; round++)
        {
            File.AppendAllText(edited, $"/* {round} */\n");
            capture.Add(Shell.Run(tree.Root, tree.Home, Shell.Savepoint, "capture"));
            git.Add(AddAndCommit(tree));
            bare.Add(BareStat.Measure(tree.Root, paths));
            nothing.Add(Shell.Run(tree.Root, tree.Home, Shell.Savepoint, "capture"));
            gitNothing.Add(AddAndCommit(tree));
            gitStatus.Add(Shell.Git(tree.Root, tree.Home, "status", "--short"));
        }

        return
        [
            new("`init` to the first git add -A + commit", init / gitInit, 0.4, "×", $"{init / 1000:0.0} s to {gitInit / 1000:0.0} s, {paths.Count} entries"),
            new("store after `init` to git's objects", store / gitStore, 1, "×", $"{store / MegaByte:0} MB to {gitStore / MegaByte:0} MB"),
            Ratio("`capture` of one edit to git add -A + commit, p50", capture, git, 0.5, "git"),
            Ratio("`capture` of one edit to one stat a file, p50", capture, bare, 2.5, "two threads' stats"),
            Ratio("`capture` of nothing to git add -A + commit, p50", nothing, gitNothing, 0.4, $"git (its status alone {gitStatus.P50:0} ms)"),
            new("most memory of a `capture`", Shell.Measure(tree.Root, tree.Home, Shell.Savepoint, "capture").PeakBytes / MegaByte, 120, "MB", "resident"),
        ];
    }

    // With nothing to commit git's commit says so and fails.
    private static double AddAndCommit(LargeTree tree) =>
        Shell.Git(tree.Root, tree.Home, "add", "-A") + Shell.Git(tree.Root, tree.Home, [1], "commit", "-q", "-m", "x");

    // What it takes on the disk: git has a file for each object.
    private static double SizeOf(LargeTree tree, string directory) =>
        double.Parse(Shell.Output(tree.Root, tree.Home, "du", "-s", "--block-size=1", Path.Combine(tree.Home, directory)).Split('\t')[0], System.Globalization.CultureInfo.InvariantCulture);

    private static Row Ratio(string name, Samples ours, Samples other, double goal, string what) =>
        new(name, ours.P50 / other.P50, goal, "×", $"{ours.P50:0} ms to {other.P50:0} ms of {what}, n = {ours.Count}");
}
