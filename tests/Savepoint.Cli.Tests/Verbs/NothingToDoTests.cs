namespace Savepoint.Cli.Tests.Verbs;

/// <summary>What changes nothing is no operation: it is not recorded, not undone, and in nobody's way.</summary>
public sealed class NothingToDoTests : IDisposable
{
    private readonly CliWorkspace _workspace = new();

    public NothingToDoTests()
    {
        _workspace.Write("file", "1");
        _workspace.Run("init").Expect(0);
        _workspace.Write("file", "2");
        _workspace.Run("capture").Expect(0);
    }

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("rollback", "1", "--path", "mistyped")]
    [InlineData("rollback", "@")]
    public void A_rollback_to_what_is_there_records_nothing(params string[] arguments)
    {
        var answer = _workspace.Json(arguments);

        Assert.Equal("nothing-to-do", answer.GetProperty("ending").GetString());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, answer.GetProperty("snapshot").ValueKind);
        Assert.Equal(2, answer.GetProperty("head").GetInt64());
        Assert.True(answer.GetProperty("verified").GetBoolean());
        Assert.StartsWith("Nothing to do: what was asked for is as snapshot", _workspace.Run(arguments).Expect(0).Output, StringComparison.Ordinal);
        _workspace.Run("undo").Expect(0);
        Assert.Equal("1", _workspace.Read("file"));
    }

    [Fact]
    public void What_a_rollback_captured_before_it_had_nothing_to_do_is_the_snapshot_that_it_names()
    {
        _workspace.Write("file", "1");

        var answer = _workspace.Json("rollback", "1");

        Assert.Equal(("nothing-to-do", 3, 3), (answer.GetProperty("ending").GetString(), answer.GetProperty("snapshot").GetInt64(), answer.GetProperty("drift").GetInt64()));
    }

    [Fact]
    public void Where_nothing_is_left_to_undo_what_is_not_recorded_is_said_to_be_there()
    {
        _workspace.Run("undo").Expect(0);
        Assert.DoesNotContain("not recorded", _workspace.Run("undo").Expect(0).Error, StringComparison.Ordinal);
        _workspace.Write("file", "3");

        Assert.Contains("1 change of the tree is not recorded, which an undo leaves: 'savepoint rollback 3' takes that back", _workspace.Run("undo").Expect(0).Error, StringComparison.Ordinal);

        _workspace.Run("rollback", "3").Expect(0);
        Assert.Equal("1", _workspace.Read("file"));
    }

    [Fact]
    public void Nor_is_a_command_that_changed_nothing_failed_and_was_rolled_back()
    {
        _workspace.Run("run", "--rollback-on-failure", "--", "false").Expect(4);

        _workspace.Run("undo").Expect(0);

        Assert.Equal("1", _workspace.Read("file"));
        _workspace.Run("redo").Expect(0);
        Assert.Equal("2", _workspace.Read("file"));
    }

    [Fact]
    public void A_capture_says_which_of_its_paths_names_nothing()
    {
        _workspace.Write("folder/other", "1");
        _workspace.Run("capture").Expect(0);
        File.CreateSymbolicLink(Path.Combine(_workspace.Root, "link"), "folder");
        File.Delete(Path.Combine(_workspace.Root, "file"));

        var result = _workspace.Run("capture", "file", "folder", "mistyped", "link/other").Expect(0);

        // The link itself was there to be recorded.
        Assert.Contains("Captured 2 changes", result.Output, StringComparison.Ordinal);
        Assert.Equal(["mistyped", "link/other"], from line in result.Error.Split('\n') where line.Contains("nothing is at ", StringComparison.Ordinal) select line.Split("nothing is at ")[1].Split(',')[0]);
    }

    [Theory]
    [InlineData("rollback 1 --path mistyped --path file", "snapshot 1 has nothing at mistyped, nor is anything there now: is it mistyped?")]
    [InlineData("rollback --path file 1 --path mistyped --dry-run", "snapshot 1 has nothing at mistyped, nor is anything there now: is it mistyped?")]
    [InlineData("rollback 1 --path ignored", "snapshot 1 has nothing at ignored, and what is there now stays")]
    [InlineData("revert 2 --path mistyped", "snapshot 2 changed nothing at mistyped: is it mistyped?")]
    [InlineData("revert --path mistyped 2 --path file", "snapshot 2 changed nothing at mistyped: is it mistyped?")]
    public void So_does_a_rollback_or_revert(string arguments, string said)
    {
        _workspace.Shell("echo /ignored > .gitignore; touch ignored").Expect(0);

        var result = _workspace.Run(arguments.Split(' ')).Expect(0);

        Assert.StartsWith($"savepoint: {said}", Assert.Single(result.Error.Split('\n'), line => line.Contains("nothing at", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void Nor_does_it_or_a_command_that_changed_nothing_keep_anybody_from_redoing()
    {
        _workspace.Write("file", "3");
        _workspace.Run("capture").Expect(0);
        _workspace.Run("undo").Expect(0);
        _workspace.Run("run", "--", "true").Expect(0);
        _workspace.Run("undo").Expect(0);
        Assert.Equal("1", _workspace.Read("file"));
        _workspace.Run("rollback", "@").Expect(0);
        _workspace.Run("run", "--", "true").Expect(0);

        _workspace.Run("redo").Expect(0);
        Assert.Equal("2", _workspace.Read("file"));
        _workspace.Run("run", "--", "true").Expect(0);
        _workspace.Run("redo").Expect(0);
        Assert.Equal("3", _workspace.Read("file"));
        Assert.Contains("Nothing to redo", _workspace.Run("redo").Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bisection_means_by_at_the_head_that_it_found()
    {
        _workspace.Write("file", "bad");

        var found = _workspace.Run("bisect", "--good", "@", "--", "! grep -q bad file").Expect(0);

        Assert.Contains("3", found.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_moved_workspace_may_be_told_so_as_often_as_one_likes()
    {
        var (old, moved) = (Path.Combine(_workspace.Scratch, "old"), Path.Combine(_workspace.Scratch, "moved"));
        Directory.CreateDirectory(old);
        _workspace.Run("-C", old, "init").Expect(0);
        Directory.Move(old, moved);
        for (var i = 0; i < 2; i++)
        {
            _workspace.Run("-C", moved, "init", "--adopt", old).Expect(0);
        }

        Assert.Equal(1, _workspace.Json("-C", moved, "status").GetProperty("head").GetInt64());
        Assert.Contains("has a history of its own", _workspace.Run("-C", moved, "init", "--adopt", Path.Combine(_workspace.Scratch, "other")).Expect(1).Error, StringComparison.Ordinal);
    }
}
