namespace Savepoint.Bench;

/// <summary>Trying an approach and going back, whole processes on a tree of 1,000 files, in turn with git on the same edits.</summary>
internal static class TryBench
{
    private const int Rounds = 25;

    public static Task<IReadOnlyList<Row>> RunAsync()
    {
        using var tree = new ScratchTree(files: 1000, fileBytes: 10_000);
        var repository = Path.Combine(tree.Home, "project");
        Shell.Run(tree.Root, tree.Home, Shell.Savepoint, "init");
        Shell.Run(tree.Home, tree.Home, "cp", "-a", tree.Root, repository);
        Git(tree, repository, "init", "-q");
        Git(tree, repository, "add", "-A");
        Git(tree, repository, "commit", "-q", "-m", "baseline");

        var (tried, merged, gitTried, gitMerged) = (new Samples(), new Samples(), new Samples(), new Samples());
        Try(tree, 0); // makes the frozen base
        for (var round = 1; round <= Rounds; round++)
        {
            tried.Add(Try(tree, round));
            gitTried.Add(GitTry(tree, repository, round, keeps: false));
            merged.Add(Try(tree, round, "--merge-best") + Shell.Run(tree.Root, tree.Home, Shell.Savepoint, "undo"));
            gitMerged.Add(GitTry(tree, repository, round, keeps: true) + Git(tree, repository, "reset", "-q", "--hard", "HEAD~1"));
        }

        var agent = new ScriptedAgent(tree.Root, tree.Home, tree.Text, [.. tree.Files.Select(file => file.Path.ToString())]);
        var (ours, git, inPlace) = (new Samples(), new Samples(), new Samples());
        for (var round = 0; round < Rounds; round++)
        {
            ours.Add(agent.WithSavepoint());
            git.Add(agent.WithGit());
            inPlace.Add(agent.WithGitInPlace());
        }

        return Task.FromResult<IReadOnlyList<Row>>(
        [
            Ratio("`try`, thrown away, to worktree add, run, diff, remove, p50", tried, gitTried, 0.3),
            Ratio("`try --merge-best`, `undo` to worktree add … merge, reset, p50", merged, gitMerged, 0.3),
            Ratio("a scripted agent's iteration to git with worktree, p50", ours, git, 1 / 1.3),
            Ratio("a scripted agent's iteration to git in place, p50", ours, inPlace, 1 / 1.3),
        ]);
    }

    private static double Try(ScratchTree tree, int round, params string[] more) =>
        Shell.Run(tree.Root, tree.Home, Shell.Savepoint, ["try", "--approach", $"one={Approach(tree, round)}", .. more]);

    private static double GitTry(ScratchTree tree, string repository, int round, bool keeps)
    {
        var worktree = Path.Combine(tree.Home, "tried");
        var time = Git(tree, repository, "worktree", "add", "-q", "-b", "way", worktree) + Shell.Run(worktree, tree.Home, "/bin/sh", "-c", Approach(tree, round));
        time += Git(tree, worktree, "add", "-A") + Git(tree, worktree, "commit", "-q", "-m", "a way") + Git(tree, worktree, "diff", "--stat", "HEAD~1");
        time += keeps ? Git(tree, repository, "merge", "-q", "way") : 0;
        return time + Git(tree, repository, "worktree", "remove", worktree) + Git(tree, repository, "branch", "-q", "-D", "way");
    }

    private static string Approach(ScratchTree tree, int round) => $"echo '// way {round}' >> {tree.Files[round % tree.Files.Count].Path}";

    private static double Git(ScratchTree tree, string directory, params string[] arguments) =>
        Shell.Run(directory, tree.Home, "git", ["-c", "user.name=b", "-c", "user.email=b@b", "-c", "gc.auto=0", .. arguments]);

    private static Row Ratio(string name, Samples ours, Samples git, double goal) =>
        new(name, ours.P50 / git.P50, goal, "×", $"{ours.P50:0.0} ms to {git.P50:0.0} ms, n = {ours.Count}");
}
