using System.Text.Json;

namespace Savepoint.Cli.Tests.Verbs;

/// <summary>Files that a capture leaves out, and what a restore makes of them: nothing is overwritten, deleted or passed over in silence.</summary>
public sealed class UnknownFileTests : IDisposable
{
    private readonly CliWorkspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void A_recorded_file_that_outgrew_the_limit_is_restored_all_the_same()
    {
        _workspace.Write("big", "big-big-big");
        _workspace.Write("small", "1");
        _workspace.Run("init").Expect(0);
        LimitFilesTo(5);
        _workspace.Write("big", "CHANGED-CHANGED");

        Assert.Contains("big", _workspace.Run("rollback", "1", "--dry-run").Expect(0).Output, StringComparison.Ordinal);
        _workspace.Run("rollback", "1").Expect(0);

        Assert.Equal("big-big-big", _workspace.Read("big"));
        _workspace.Run("undo").Expect(0);
        Assert.Equal("CHANGED-CHANGED", _workspace.Read("big"));
        _workspace.Run("rollback", "1", "--path", "big").Expect(0);
        Assert.Equal("big-big-big", _workspace.Read("big"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)] // as in a store that is older than the counter
    public void A_file_that_a_snapshot_could_not_record_is_not_deleted_by_going_back_to_it(bool isCounted)
    {
        LimitFilesTo(5);
        _workspace.Write("secret", "keep me");
        _workspace.Run("init").Expect(0);
        if (!isCounted)
        {
            Sql.Execute(Directory.GetFiles(_workspace.StoreHome, "store.db", SearchOption.AllDirectories).Single(), "DELETE FROM counters");
        }

        LimitFilesTo(500);
        _workspace.Write("later", "made after it");
        _workspace.Run("capture").Expect(0);

        var answer = _workspace.Json("rollback", "1");

        Assert.Equal("keep me", _workspace.Read("secret"));
        Assert.False(File.Exists(_workspace.At("later")));
        Assert.False(answer.GetProperty("verified").GetBoolean());
        var left = Assert.Single(answer.GetProperty("files").EnumerateArray(), file => file.GetProperty("path").GetString() == "secret");
        Assert.Equal("unchanged", left.GetProperty("result").GetString());
        Assert.Contains("could not be recorded", left.GetProperty("reason").GetString(), StringComparison.Ordinal);
        var said = _workspace.Run("rollback", "1").Expect(0);
        Assert.Contains("not all of it checked", said.Output, StringComparison.Ordinal);
        Assert.Contains("may not be what snapshot 1 holds", said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_file_that_is_too_large_to_be_recorded_stays_and_is_named()
    {
        _workspace.Write("file", "1");
        _workspace.Run("init").Expect(0);
        LimitFilesTo(5);
        _workspace.Write("file", "2");
        _workspace.Write("new", "larger than that");

        foreach (var answer in new[] { _workspace.Json("rollback", "1"), _workspace.Json("rollback", "1") })
        {
            Assert.False(answer.GetProperty("verified").GetBoolean());
            var left = Assert.Single(answer.GetProperty("files").EnumerateArray(), file => file.GetProperty("path").GetString() == "new");
            Assert.Equal("unchanged", left.GetProperty("result").GetString());
            Assert.Contains("maxFileBytes", left.GetProperty("reason").GetString(), StringComparison.Ordinal);
        }

        Assert.Equal(("1", "larger than that"), (_workspace.Read("file"), _workspace.Read("new")));
        var failed = _workspace.Run("run", "--rollback-on-failure", "--", "sh", "-c", "echo larger than that > newer; exit 1").Expect(4);
        Assert.Contains("not all of it checked", failed.Error, StringComparison.Ordinal);
        Assert.Contains("left as it was: newer", failed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_was_recorded_and_deleted_since_is_known_to_be_absent()
    {
        LimitFilesTo(5);
        _workspace.Write("secret", "keep me");
        _workspace.Run("init").Expect(0);
        LimitFilesTo(500);
        _workspace.Run("capture").Expect(0);
        _workspace.Shell("rm secret").Expect(0);
        _workspace.Run("capture").Expect(0);
        _workspace.Write("secret", "another");
        _workspace.Run("capture").Expect(0);

        _workspace.Run("rollback", "3").Expect(0);

        Assert.False(File.Exists(_workspace.At("secret")));
        Assert.True(_workspace.Json("rollback", "3").GetProperty("verified").GetBoolean());
    }

    [Fact]
    public void A_failed_run_says_what_stays_of_what_was_recorded_while_it_ran()
    {
        _workspace.Write("f", "1");
        _workspace.Run("init").Expect(0);

        var said = _workspace.Shell("savepoint run --rollback-on-failure -- sh -c 'echo 3 > f; savepoint capture -q; echo 3 > g; exit 1'").Expect(4);

        Assert.Equal("3\n", _workspace.Read("f"));
        Assert.False(File.Exists(_workspace.At("g")));
        Assert.Contains("What was recorded while the command ran stays: 'savepoint rollback 1'", said.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("config")]
    [InlineData("repair --dry-run")]
    [InlineData("install claude-code --dry-run")]
    [InlineData("untrack")]
    public void Verbs_that_need_no_open_workspace_finish_an_interrupted_restore_too(string verb)
    {
        _workspace.Shell("for i in $(seq 800); do echo one > file-$i; done").Expect(0);
        _workspace.Run("init").Expect(0);
        _workspace.Shell("for i in $(seq 800); do echo two > file-$i; done").Expect(0);
        _workspace.Run("capture").Expect(0);
        _workspace.Shell("savepoint rollback 1 & until test -n \"$(find . -name '.~sp-*' | head -n 1)\" || ! kill -0 $!; do :; done; kill -9 $!; wait $! || true").Expect(0);

        _workspace.Run(verb.Split(' '));

        Assert.Equal("1\n", _workspace.Shell("cat file-* | sort -u | wc -l; ls -A | grep -c '~sp-' || true").Expect(0).Output.Split('\n')[0] + "\n");
        Assert.Equal("", _workspace.Shell("find . -name '.~sp-*'").Expect(0).Output);
    }

    private void LimitFilesTo(int bytes)
    {
        var file = Path.Combine(_workspace.Home, ".config", "savepoint", "config.json");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, JsonSerializer.Serialize(new { maxFileBytes = bytes }));
    }
}
