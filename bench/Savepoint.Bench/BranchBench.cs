namespace Savepoint.Bench;

/// <summary>
/// Branches as whole processes: an overlay and a copy of a tree of 10,000 files with 200 MB of ignored ones beside, in turn with <c>cp -a</c> and
/// <c>git worktree add</c>; and a merge of 500 changed files in turn with <c>git merge</c>. The cache is warm.
/// </summary>
internal static class BranchBench
{
    private const int OverlayRounds = 20;
    private const int CopyRounds = 5;
    private const int MergeRounds = 9;
    private const int ChangedFiles = 500;
    private const int IgnoredFiles = 2_000;
    private const int IgnoredFileBytes = 100_000;

    public static Task<IReadOnlyList<Row>> RunAsync() => Task.FromResult<IReadOnlyList<Row>>([.. Branches(), Merge("theirs alone changed", bothChange: false), Merge("both changed each file", bothChange: true)]);

    private static IReadOnlyList<Row> Branches()
    {
        using var tree = new ScratchTree(files: 10_000, fileBytes: 10_000);
        AddIgnored(tree);
        Shell.Run(tree.Root, tree.Home, "git", "init", "-q", ".");
        InRepository(tree, tree.Root, "add", "-A");
        InRepository(tree, tree.Root, "commit", "-q", "-m", "baseline");
        Shell.Run(tree.Root, tree.Home, Shell.Savepoint, "init");
        Shell.Run(tree.Root, tree.Home, Shell.Savepoint, "capture");

        var (copy, cp, worktree, overlay) = (new Samples(), new Samples(), new Samples(), new Samples());
        for (var round = 0; round < CopyRounds; round++)
        {
            cp.Add(Shell.Run(tree.Root, tree.Home, "cp", "-a", tree.Root, Path.Combine(tree.Scratch, "cp")));
            Shell.Run(tree.Root, tree.Home, "rm", "-rf", Path.Combine(tree.Scratch, "cp"));
            copy.Add(Shell.Run(tree.Root, tree.Home, Shell.Savepoint, "branch", "create", "copied"));
            Shell.Run(tree.Root, tree.Home, Shell.Savepoint, "branch", "delete", "copied");
            worktree.Add(InRepository(tree, tree.Root, "worktree", "add", "-q", Path.Combine(tree.Scratch, "worktree"), "HEAD"));
            InRepository(tree, tree.Root, "worktree", "remove", "--force", Path.Combine(tree.Scratch, "worktree"));
        }

        var first = Shell.Run(tree.Root, tree.Home, Shell.Savepoint, "branch", "run", "base", "--isolation", "overlay", "--", "true");
        for (var round = 0; round < OverlayRounds; round++)
        {
            overlay.Add(Shell.Run(tree.Root, tree.Home, Shell.Savepoint, "branch", "run", $"overlay{round}", "--isolation", "overlay", "--", "true"));
        }

        return
        [
            new("a new branch run in an overlay, its base present, p50", overlay.P50, 60, "ms", $"the first, which makes the base, {first:0} ms; n = {overlay.Count}"),
            new("`branch create` to cp -a, p50", copy.P50 / cp.P50, 0.8, "×", $"{copy.P50:0} ms to {cp.P50:0} ms; git worktree add of the tracked files alone {worktree.P50:0} ms; n = {copy.Count}"),
        ];
    }

    private static Row Merge(string what, bool bothChange)
    {
        using var tree = new ScratchTree(files: 1_000, fileBytes: 10_000);
        Shell.Run(tree.Root, tree.Home, "git", "init", "-q", ".");
        InRepository(tree, tree.Root, "add", "-A");
        InRepository(tree, tree.Root, "commit", "-q", "-m", "baseline");
        Shell.Run(tree.Root, tree.Home, Shell.Savepoint, "init");
        var copy = Path.Combine(tree.Scratch, "copy");
        Shell.Run(tree.Root, tree.Home, Shell.Savepoint, "branch", "create", "idea", "--dir", copy);
        InRepository(tree, tree.Root, "branch", "idea");
        var worktree = Path.Combine(tree.Scratch, "worktree");
        InRepository(tree, tree.Root, "worktree", "add", "-q", worktree, "idea");
        for (var i = 0; i < ChangedFiles; i++)
        {
            Replace([copy, worktree], tree.Files[i].Path.ToString(), lines => lines[2] = $"changed there {i}");
        }

        for (var i = bothChange ? 0 : ChangedFiles; i < (bothChange ? ChangedFiles : ChangedFiles + 1); i++)
        {
            Replace([tree.Root], tree.Files[i].Path.ToString(), lines => lines[^3] = $"changed here {i}");
        }

        Shell.Run(copy, tree.Home, Shell.Savepoint, "capture");
        Shell.Run(tree.Root, tree.Home, Shell.Savepoint, "capture");
        InRepository(tree, worktree, "commit", "-q", "-a", "-m", "there");
        InRepository(tree, tree.Root, "commit", "-q", "-a", "-m", "here");
        var (ours, git) = (new Samples(), new Samples());
        for (var round = 0; round < MergeRounds; round++)
        {
            ours.Add(Shell.Run(tree.Root, tree.Home, Shell.Savepoint, "merge", "idea"));
            Shell.Run(tree.Root, tree.Home, Shell.Savepoint, "undo");
            git.Add(InRepository(tree, tree.Root, "merge", "-q", "--no-edit", "idea"));
            InRepository(tree, tree.Root, "reset", "-q", "--hard", "HEAD~1");
        }

        return new Row($"`merge` of {ChangedFiles} files to git merge, {what}, p50", ours.P50 / git.P50, 0.7, "×", $"{ours.P50:0} ms to {git.P50:0} ms, n = {ours.Count}");
    }

    private static void AddIgnored(ScratchTree tree)
    {
        File.WriteAllText(Path.Combine(tree.Root, ".gitignore"), "node_modules/\n");
        var random = new Random(3);
        var bytes = new byte[IgnoredFileBytes];
        for (var i = 0; i < IgnoredFiles; i++)
        {
            var file = Path.Combine(tree.Root, "node_modules", $"package{i % 200}", $"file{i}.bin");
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            random.NextBytes(bytes);
            File.WriteAllBytes(file, bytes);
        }
    }

    private static void Replace(IEnumerable<string> roots, string path, Action<string[]> edit)
    {
        foreach (var root in roots)
        {
            var file = Path.Combine(root, path);
            var lines = File.ReadAllLines(file);
            edit(lines);
            File.WriteAllLines(file, lines);
        }
    }

    private static double InRepository(ScratchTree tree, string directory, params string[] arguments) =>
        Shell.Run(directory, tree.Home, "git", ["-c", "user.name=b", "-c", "user.email=b@b", "-c", "gc.auto=0", .. arguments]);
}
