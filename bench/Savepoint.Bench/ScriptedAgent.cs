namespace Savepoint.Bench;

/// <summary>
/// An agent whose work is a script: it tries one way (three files edited), runs the check, which fails, goes back, tries another way,
/// runs the check, which passes, and keeps that. Once as agents are told to do it with git, in a worktree, with a commit to go back to; once with
/// Savepoint. Edits, checks and every process that either needs are in the time; a model's thinking, the same for both, is not.
/// </summary>
internal sealed class ScriptedAgent
{
    private const int EditedFiles = 3;
    private const string Verdict = "verdict.txt";

    private readonly string _root;
    private readonly string _home;
    private readonly SourceText _text;
    private readonly IReadOnlyList<string> _files;
    private readonly string _repository;

    /// <param name="root">A project that Savepoint tracks and that is no git repository yet.</param>
    /// <param name="home">Where the tools' own files go.</param>
    /// <param name="text">What is written.</param>
    /// <param name="files">The files that may be edited, relative to the root.</param>
    public ScriptedAgent(string root, string home, SourceText text, IReadOnlyList<string> files)
    {
        (_root, _home, _text, _files) = (root, home, text, files);
        _repository = Path.Combine(home, "project");
        File.WriteAllText(Path.Combine(root, Verdict), "pass\n");
        Shell.Run(home, home, "cp", "-a", root, _repository);
        InRepository("init", "-q");
        InRepository("add", "-A");
        InRepository("commit", "-q", "-m", "baseline");
        InRepository("status", "-s");
        Shell.Run(root, home, Shell.Savepoint, "capture");
    }

    /// <summary>One iteration with git, in milliseconds.</summary>
    public double WithGit()
    {
        var worktree = Path.Combine(_home, "worktree");
        var time = InRepository("worktree", "add", "-q", "-b", "way", worktree);
        time += Way(worktree, "fail") + Git(worktree, "add", "-A") + Git(worktree, "commit", "-q", "-m", "one way") + Check(worktree, passes: false);
        time += Git(worktree, "reset", "-q", "--hard", "HEAD~1");
        time += Way(worktree, "pass") + Git(worktree, "add", "-A") + Git(worktree, "commit", "-q", "-m", "another way") + Check(worktree, passes: true);
        return time + InRepository("merge", "-q", "way") + InRepository("worktree", "remove", worktree) + InRepository("branch", "-q", "-D", "way");
    }

    /// <summary>The same in place, without a worktree: an agent that trusts its reset, in milliseconds.</summary>
    public double WithGitInPlace()
    {
        var time = Way(_repository, "fail") + InRepository("add", "-A") + InRepository("commit", "-q", "-m", "one way") + Check(_repository, passes: false);
        time += InRepository("reset", "-q", "--hard", "HEAD~1");
        return time + Way(_repository, "pass") + InRepository("add", "-A") + InRepository("commit", "-q", "-m", "another way") + Check(_repository, passes: true);
    }

    /// <summary>The same with Savepoint, in the workspace itself: whatever happens there can be taken back.</summary>
    public double WithSavepoint()
    {
        var time = Way(_root, "fail") + Shell.Run(_root, _home, Shell.Savepoint, "capture") + Check(_root, passes: false);
        time += Shell.Run(_root, _home, Shell.Savepoint, "undo");
        return time + Way(_root, "pass") + Shell.Run(_root, _home, Shell.Savepoint, "capture") + Check(_root, passes: true);
    }

    // The edits themselves, so that a tool cannot win by what the file system does.
    private double Way(string directory, string verdict)
    {
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        for (var i = 0; i < EditedFiles; i++)
        {
            var file = Path.Combine(directory, _files[_text.Next(_files.Count)]);
            var lines = File.ReadAllLines(file).ToList();
            _text.Edit(lines);
            File.WriteAllBytes(file, SourceText.Bytes(lines));
        }

        File.WriteAllText(Path.Combine(directory, Verdict), $"{verdict} {_text.Next(int.MaxValue)}\n");
        return System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private double Check(string directory, bool passes)
    {
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        return Shell.Succeeds(directory, _home, "grep", "-q", "^pass", Verdict) == passes
            ? System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalMilliseconds
            : throw new InvalidOperationException($"In {directory} the check says otherwise: the tree is not what it should be.");
    }

    private double InRepository(params string[] arguments) => Git(_repository, arguments);

    private double Git(string directory, params string[] arguments) =>
        Shell.Run(directory, _home, "git", ["-c", "user.name=b", "-c", "user.email=b@b", "-c", "gc.auto=0", .. arguments]);
}
