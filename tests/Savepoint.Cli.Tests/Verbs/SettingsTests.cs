namespace Savepoint.Cli.Tests.Verbs;

public sealed class SettingsTests : IDisposable
{
    private readonly CliWorkspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("{\"scanDeadlin\":\"5s\"}", "scanDeadlin")]
    [InlineData("{\"durability\":\"never\"}", "durability")]
    [InlineData("{\"maxFileBytes\":-1}", "maxFileBytes")]
    [InlineData("{\"scanDeadline\":5}", "scanDeadline")]
    [InlineData("{\"storeHome\":\"relative\"}", "storeHome")]
    [InlineData("[]", "config.json")]
    [InlineData("{", "config.json")]
    public void A_bad_setting_is_an_error_that_names_file_and_key(string text, string named)
    {
        var file = WriteUserFile(text);

        var result = _workspace.Run("config").Expect(1);

        Assert.Contains(file, result.Error, StringComparison.Ordinal);
        Assert.Contains(named, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_users_file_sets_limits()
    {
        WriteUserFile("{\"maxFileBytes\": 10 /* small */,}");
        _workspace.Write("large.txt", "more than ten bytes");
        _workspace.Write("small.txt", "small");

        var coverage = _workspace.Json("init").GetProperty("coverage");

        Assert.False(coverage.GetProperty("complete").GetBoolean());
        Assert.Equal("too-large", coverage.GetProperty("skipped")[0].GetProperty("reason").GetString());
    }

    [Fact]
    public void A_workspaces_own_file_cannot_switch_recording_off()
    {
        _workspace.Write("savepoint.json", "{\"maxFileBytes\":0,\"scanDeadline\":\"1ms\",\"storeHome\":\"/tmp\",\"durability\":\"process\"}");
        _workspace.Write("a.txt", "a\n");

        Assert.Equal(2, _workspace.Json("init").GetProperty("files").GetInt32());
        Assert.Equal(4, _workspace.Json("config").GetProperty("ignored").GetArrayLength());
    }

    [Fact]
    public void A_workspaces_own_file_may_make_it_safer()
    {
        _workspace.Write("savepoint.json", "{\"durability\":\"disk\"}");

        var durability = _workspace.Json("config").GetProperty("settings").EnumerateArray().Single(setting => setting.GetProperty("key").GetString() == "durability");

        Assert.Equal("disk", durability.GetProperty("value").GetString());
        Assert.Equal(_workspace.At("savepoint.json"), durability.GetProperty("source").GetString());
    }

    [Theory]
    [InlineData("process", "a power loss may take the last moments")]
    [InlineData("disk", "nothing acknowledged is lost, by the death of a process or a power loss")]
    public void Doctor_says_what_a_power_loss_may_take(string durability, string said)
    {
        _workspace.Write("savepoint.json", $"{{\"durability\":\"{durability}\"}}");
        _workspace.Run("init").Expect(0);

        Assert.Contains(said, _workspace.Run("doctor").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_store_home_is_made_private()
    {
        _workspace.Run("init").Expect(0);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_workspace.StoreHome));
    }

    [Fact]
    public void Without_savepoint_home_the_stores_are_in_the_state_folder()
    {
        _workspace.Environment["SAVEPOINT_HOME"] = null;
        _workspace.Environment["XDG_STATE_HOME"] = Path.Combine(_workspace.Scratch, "state");

        Assert.StartsWith(Path.Combine(_workspace.Scratch, "state", "savepoint"), _workspace.Json("init").GetProperty("store").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("{\"maxFileBytes\":\"all\"}")]
    public void A_workspaces_own_file_that_is_broken_keeps_nobody_from_taking_that_back(string broken)
    {
        _workspace.Write("savepoint.json", "{}");
        _workspace.Json("init");
        _workspace.Write("savepoint.json", broken);
        _workspace.Capture("-m", "the agent broke it");

        var undo = _workspace.Run("undo").Expect(0);

        Assert.Contains("savepoint.json cannot be used", undo.Error, StringComparison.Ordinal);
        Assert.Equal("{}", _workspace.Read("savepoint.json"));
        Assert.Equal("", _workspace.Run("status").Expect(0).Error);
    }

    private string WriteUserFile(string text)
    {
        var file = Path.Combine(_workspace.Home, ".config", "savepoint", "config.json");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }
}
