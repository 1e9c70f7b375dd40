namespace Savepoint.Cli.Tests.Output;

/// <summary>Every verb's answer, real ones of a history with every kind of change, against its published schema.</summary>
public sealed class JsonSchemaTests : IClassFixture<JsonSchemaTests.EventfulHistory>
{
    private readonly CliWorkspace _workspace;

    public JsonSchemaTests(EventfulHistory history) => _workspace = history.Workspace;

    [Theory]
    [InlineData("init")]
    [InlineData("status")]
    [InlineData("capture")]
    [InlineData("show", "@")]
    [InlineData("show", "1")]
    [InlineData("show", "turn:t1")]
    [InlineData("show", "session:s1")]
    [InlineData("diff")]
    [InlineData("diff", "1", "@")]
    [InlineData("diff", "1", "@", "--reverse")]
    [InlineData("diff", "session:s1")]
    [InlineData("cat", "1", "keep.txt")]
    [InlineData("blame", "keep.txt")]
    [InlineData("rollback", "1", "--dry-run")]
    [InlineData("undo")]
    [InlineData("redo")]
    [InlineData("redo", "5")]
    [InlineData("rollback", "1")]
    [InlineData("checkpoint", "a-name")]
    [InlineData("milestone", "an-archive")]
    [InlineData("milestone", "an-older-one", "1")]
    [InlineData("labels")]
    [InlineData("verify")]
    [InlineData("verify", "--deep")]
    [InlineData("repair")]
    [InlineData("repair", "--dry-run")]
    [InlineData("forget", "--dry-run", "keep.txt")]
    [InlineData("forget", "moved.txt")]
    [InlineData("gc")]
    [InlineData("compact")]
    [InlineData("compact", "--level", "aggressive")]
    [InlineData("stats")]
    [InlineData("sessions")]
    [InlineData("stores")]
    [InlineData("config")]
    [InlineData("decisions")]
    [InlineData("doctor")]
    [InlineData("completion", "fish")]
    [InlineData("demo")]
    public void Answer_is_as_documented(params string[] arguments) => JsonSchema.Check(arguments[0], _workspace.Json(arguments));

    [Fact]
    public void Each_line_of_the_log_is_as_documented()
    {
        var lines = _workspace.Run("log", "--json").Expect(0).JsonLines;

        Assert.True(lines.Count >= 3);
        Assert.All(lines, line => JsonSchema.Check("log", line));
    }

    [Fact]
    public void Unlabel_and_untrack_are_as_documented()
    {
        using var workspace = new CliWorkspace();
        workspace.Run("init").Expect(0);
        workspace.Run("checkpoint", "gone-soon").Expect(0);

        JsonSchema.Check("unlabel", workspace.Json("unlabel", "gone-soon"));
        JsonSchema.Check("untrack", workspace.Json("untrack", "--delete"));
    }

    /// <summary>A history with every kind of change, and something not recorded yet.</summary>
    public sealed class EventfulHistory : IDisposable
    {
        public CliWorkspace Workspace { get; } = new();

        public EventfulHistory()
        {
            Workspace.Write("keep.txt", "one\n");
            Workspace.Write("moved.txt", "content that moves\n");
            Workspace.Write("gone.txt", "gone\n");
            Workspace.Write("type", "a file\n");
            Workspace.Run("init").Expect(0);
            Workspace.Shell("""
                git init -q . && echo two >> keep.txt && mv moved.txt elsewhere.txt && rm gone.txt && rm type && mkdir type
                ln -s keep.txt link && mkdir empty && printf 'caf\351' > "$(printf 'caf\351')" && ln -s "$(printf 'caf\351')" odd-link
                mkfifo pipe
                """).Expect(0);
            Workspace.Run("capture", "-m", "everything", "--agent", "a", "--session", "s1", "--turn", "t1", "--tool", "Edit").Expect(0);
            Workspace.Shell("chmod 755 keep.txt; ln -sfn elsewhere.txt link; rmdir empty").Expect(0);
            Workspace.Run("capture", "--session", "s1").Expect(0);
            Workspace.Shell("ln -s \"$(printf '\\377')\" unrecorded-link; echo x > unrecorded.txt").Expect(0);
        }

        public void Dispose() => Workspace.Dispose();
    }
}
