namespace Savepoint.Crash;

/// <summary>A restore that died is brought to its end, or back to its beginning, by whatever is run next: also by what only looks.</summary>
public sealed class FirstFinishTests : IDisposable
{
    private readonly World _world = new();

    [Theory]
    [InlineData("status", "log", "show @", "cat 1 file-1", "blame file-1", "diff", "diff 1..2", "stats", "labels", "sessions", "decisions", "experiments", "branch")]
    [InlineData("events", "config", "doctor", "stores", "verify", "export --patch 1..2", "mcp", "checkpoint here", "gc", "compact", "repair", "init", "capture", "run -- true", "untrack")]
    public void Every_verb_does_so_before_anything_else(params string[] lines)
    {
        if (!FaultLayer.IsHere("a restore that died"))
        {
            return;
        }

        var before = Write("old");
        _world.Run("init").Expect(0);
        var after = Write("new");
        _world.Run("capture").Expect(0);
        _world.Keep();
        var calls = _world.Run("rollback", "1").Expect(0).Changes;
        _world.Reset();
        _world.Run(new Fault { KillAt = calls / 2 }, ["rollback", "1"]);
        Assert.False(Stands(before) || Stands(after), "the rollback did not die in its middle");
        _world.Keep();

        foreach (var line in lines)
        {
            _world.Reset();

            _world.Run(line.Split(' '));

            Assert.True(Stands(before) || Stands(after), $"'savepoint {line}' left a restore unfinished");
        }
    }

    public void Dispose() => _world.Dispose();

    private TreeManifest Write(string text)
    {
        _world.Do($"for i in $(seq 40); do echo {text} $i > file-$i; done");
        return _world.Tree();
    }

    private bool Stands(TreeManifest tree) => _world.Tree().Equals(tree);
}
