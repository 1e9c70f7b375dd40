namespace Savepoint.Crash;

/// <summary>Faults that once were answered wrongly, each at the call where it was.</summary>
public sealed class FaultyCallTests : IDisposable
{
    private readonly World _world = new();

    [Theory]
    [InlineData(Errno.EMFILE, "ulimit")]
    [InlineData(Errno.EIO, "system's log")]
    public void A_record_that_cannot_be_read_begins_no_second_history(Errno error, string hint)
    {
        if (!IsTracked())
        {
            return;
        }

        var fault = new Fault { FailAt = 1, Error = error, IsLasting = true, Only = "workspace.json", HasReads = true };
        foreach (var verb in (string[])["init", "status", "capture"])
        {
            Refused(_world.Run(fault, [verb]), hint);
        }

        Assert.Single(Directory.EnumerateDirectories(_world.Stores));
        _world.Run("status").Expect(0);
    }

    [Theory]
    [InlineData(Errno.EMFILE, "ulimit")]
    [InlineData(Errno.EIO, "system's log")]
    [InlineData(Errno.EACCES, "permissions")]
    public void A_lock_that_cannot_be_opened_is_not_taken_for_held_by_another(Errno error, string hint)
    {
        if (!IsTracked())
        {
            return;
        }

        var ended = _world.Run(new Fault { FailAt = 1, Error = error, IsLasting = true, Only = "/lock", HasReads = true }, ["capture"]);

        Refused(ended, hint);
        Assert.DoesNotContain("Another process", ended.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Errno.EMFILE, "ulimit")]
    [InlineData(Errno.EROFS, "read-only")]
    public void A_database_that_cannot_be_opened_is_told_with_what_the_system_said(Errno error, string hint)
    {
        if (!IsTracked())
        {
            return;
        }

        _world.Do("echo more > file");

        Refused(_world.Run(new Fault { FailAt = 1, Error = error, IsLasting = true, Only = "store.db", HasReads = true }, ["capture"]), hint);
    }

    [Fact]
    public void A_directory_that_stays_since_it_cannot_be_read_is_named_and_the_tree_is_not_said_to_be_checked()
    {
        if (!IsTracked())
        {
            return;
        }

        _world.Do("mkdir -p fresh/sealed; echo f > fresh/sealed/f");
        _world.Run("capture").Expect(0);
        _world.Keep();
        var stayed = 0;
        for (var at = 1; at <= 12; at++)
        {
            _world.Reset();

            var ended = _world.Run(new Fault { FailAt = at, Error = Errno.EACCES, Only = "work/fresh", HasReads = true }, ["rollback", "1", "--json"]);

            var isLeft = ended.ExitCode == 0 && _world.Do("ls -d fresh 2>/dev/null || :").Length > 0;
            stayed += isLeft ? 1 : 0;
            Assert.True(!isLeft || Aftermath.SaysWhatIsLeft(ended), ended.Output);
        }

        Assert.True(stayed > 0, "no call failed that lists the directory");
    }

    [Fact]
    public void A_disk_that_cannot_be_read_is_not_taken_for_damage_of_the_store()
    {
        if (!IsTracked())
        {
            return;
        }

        var failed = 0;
        for (var at = 1; at <= 25; at += 3)
        {
            var ended = _world.Run(new Fault { FailAt = at, Error = Errno.EIO, IsLasting = true, Only = "store.db", HasReads = true }, ["status"]);
            if (ended.ExitCode != 0)
            {
                Refused(ended, "system's log");
                failed++;
            }
        }

        Assert.True(failed > 3, $"{failed} of the reads mattered");
    }

    [Fact]
    public void Rules_that_the_system_fails_to_read_let_nothing_in_that_they_keep_out()
    {
        if (!IsTracked())
        {
            return;
        }

        _world.Do("mkdir secrets && echo secrets/ > .gitignore && echo password > secrets/key");

        var ended = _world.Run(new Fault { FailAt = 1, Error = Errno.EIO, IsLasting = true, Only = ".gitignore", HasReads = true }, ["capture"]);

        Assert.NotEqual(0, ended.ExitCode);
        _world.Run("capture", "--quiet").Expect(0);
        Assert.False(_world.Recorded("@").Holds("password\n"u8.ToArray()));
    }

    [Fact]
    public void An_archive_that_others_stand_on_outlasts_a_clean_up_that_cannot_read_them()
    {
        if (!IsTracked())
        {
            return;
        }

        _world.Run("milestone", "first").Expect(0);
        _world.Do("echo more > file");
        _world.Run("capture", "--quiet").Expect(0);
        _world.Run("milestone", "second").Expect(0);
        _world.Run("unlabel", "first").Expect(0);

        _world.Run(new Fault { FailAt = 1, Error = Errno.EIO, IsLasting = true, Only = "2.l3", HasReads = true }, ["gc"]);

        _world.Run("verify", "--deep").Expect(0);
    }

    [Fact]
    public void A_directory_whose_mode_cannot_be_set_is_not_left_behind()
    {
        if (!IsTracked())
        {
            return;
        }

        _world.Do("mkdir -m 0750 made");
        var number = _world.Run("capture", "--json").Expect(0).Json.GetProperty("snapshot").GetInt64();
        _world.Do("rmdir made");
        _world.Run("capture", "--quiet").Expect(0);
        var before = _world.Tree();

        // The second call on it that a read-only file system refuses is the chmod behind the mkdir.
        var ended = _world.Run(new Fault { FailAt = 2, Error = Errno.EROFS, Only = "/work/made" }, ["rollback", $"{number}", "--json"]);

        Assert.StartsWith("chmod", ended.Where, StringComparison.Ordinal);
        ended.Expect(1);
        Assert.Equal(before, _world.Tree());
    }

    public void Dispose() => _world.Dispose();

    private static void Refused(Ended ended, string hint)
    {
        Assert.True(ended.HasFired, "no call failed");
        ended.Expect(1);
        Assert.StartsWith("savepoint: ", ended.Error, StringComparison.Ordinal);
        Assert.Contains(hint, ended.Error, StringComparison.Ordinal);
    }

    private bool IsTracked()
    {
        if (!FaultLayer.IsHere("single faults"))
        {
            return false;
        }

        _world.Do("echo text > file");
        _world.Run("init").Expect(0);
        return true;
    }
}
