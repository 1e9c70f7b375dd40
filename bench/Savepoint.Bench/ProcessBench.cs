namespace Savepoint.Bench;

/// <summary>Whole processes on a tree of 1,000 files, in turn with git on the same edits.</summary>
internal static class ProcessBench
{
    private const int Rounds = 60;

    public static Task<IReadOnlyList<Row>> RunAsync()
    {
        using var tree = new ScratchTree(files: 1000, fileBytes: 10_000);
        Shell.Run(tree.Root, tree.Home, "git", "init", "-q", "--bare", Path.Combine(tree.Home, "shadow.git"));
        Shell.Git(tree.Root, tree.Home, "add", "-A");
        Shell.Git(tree.Root, tree.Home, "commit", "-q", "-m", "baseline");
        Shell.Run(tree.Root, tree.Home, Shell.Savepoint, "init");

        var (version, nothing, capture, whole, undo) = (new Samples(), new Samples(), new Samples(), new Samples(), new Samples());
        var (gitOne, gitAll, gitReset) = (new Samples(), new Samples(), new Samples());
        for (var round = 0; round < Rounds; round++)
        {
            version.Add(Shell.Run(tree.Root, tree.Home, Shell.Savepoint, "--version"));
            nothing.Add(Shell.Run(tree.Root, tree.Home, "true"));

            var file = tree.Text.Next(tree.Files.Count);
            var path = tree.Files[file].Path.ToString();
            tree.Edit(file);
            capture.Add(Shell.Run(tree.Root, tree.Home, Shell.Savepoint, "capture", path));
            gitOne.Add(Shell.Git(tree.Root, tree.Home, "add", path) + Shell.Git(tree.Root, tree.Home, "commit", "-q", "-m", "x"));
            undo.Add(Shell.Run(tree.Root, tree.Home, Shell.Savepoint, "undo"));
            gitReset.Add(Shell.Git(tree.Root, tree.Home, "reset", "-q", "--hard", "HEAD~1"));

            tree.Edit(file);
            whole.Add(Shell.Run(tree.Root, tree.Home, Shell.Savepoint, "capture"));
            gitAll.Add(Shell.Git(tree.Root, tree.Home, "add", "-A") + Shell.Git(tree.Root, tree.Home, "commit", "-q", "-m", "x"));
        }

        return Task.FromResult<IReadOnlyList<Row>>(
        [
            new("start-up beyond that of `true`, p50", version.P50 - nothing.P50, 15, "ms", $"{version.P50:0.0} ms, true {nothing.P50:0.0} ms"),
            Ratio("`capture FILE` to git add FILE + commit, p50", capture, gitOne, 0.6),
            Ratio("`capture` of the tree to git add -A + commit, p50", whole, gitAll, 0.6),
            Ratio("`undo` to git reset --hard, p50", undo, gitReset, 1.0),
        ]);
    }

    private static Row Ratio(string name, Samples ours, Samples git, double goal) =>
        new(name, ours.P50 / git.P50, goal, "×", $"{ours.P50:0.0} ms to {git.P50:0.0} ms, n = {ours.Count}");
}
