using System.Text;
using System.Text.Json;

namespace Savepoint.Cli.Tests.Verbs;

/// <summary>A workspace's own settings decide nothing that could harm before their user has looked at them.</summary>
public sealed class TrustTests : IDisposable
{
    private const string Limit = "{\"maxFileBytes\": 4}";

    private readonly CliWorkspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void A_limit_holds_once_the_file_is_trusted_and_until_it_is_edited()
    {
        _workspace.Json("init");
        _workspace.Write("savepoint.json", Limit);
        Assert.Equal(("untrusted", true, "default"), Trust());

        var answer = _workspace.Json("config", "trust");
        JsonSchema.Check("config", answer);
        Assert.True(answer.GetProperty("workspaceFile").GetProperty("trusted").GetBoolean());
        Assert.Equal(("trusted", false, _workspace.At("savepoint.json")), Trust());
        Assert.False(IsRecorded("one.txt"));

        _workspace.Write("savepoint.json", Limit + "\n");
        Assert.Equal(("changed", true, "default"), Trust());
        Assert.True(IsRecorded("two.txt"));
    }

    [Fact]
    public void It_is_in_the_bytes_so_that_the_way_back_to_them_has_it_again()
    {
        _workspace.Write("savepoint.json", Limit);
        _workspace.Json("init");
        _workspace.Run("config", "trust").Expect(0);
        _workspace.Write("savepoint.json", "{\"maxFileBytes\": 0}");
        _workspace.Capture();
        Assert.Equal("changed", Trust().State);

        _workspace.Run("undo").Expect(0);

        Assert.Equal("trusted", Trust().State);
    }

    [Fact]
    public void It_is_of_one_workspace_by_whatever_way_one_comes_there()
    {
        _workspace.Write("savepoint.json", Limit);
        _workspace.Write("../other/savepoint.json", Limit);
        File.CreateSymbolicLink(Path.Combine(_workspace.Scratch, "link"), _workspace.Root);

        _workspace.Run("config", "trust", "-C", "../link").Expect(0);

        Assert.Equal("trusted", Trust().State);
        Assert.Equal("untrusted", Trust("-C", "../other").State);
    }

    [Theory]
    [InlineData("config trust --revoke")]
    [InlineData("untrack")]
    public void It_can_be_ended(string command)
    {
        _workspace.Write("savepoint.json", Limit);
        _workspace.Json("init");
        _workspace.Run("config", "trust").Expect(0);

        _workspace.Run(command.Split(' ')).Expect(0);

        Assert.Equal("untrusted", Trust().State);
    }

    [Fact]
    public void What_is_about_more_than_one_workspace_is_the_users_alone()
    {
        _workspace.Write("savepoint.json", $"{{\"storeHome\":\"{_workspace.Scratch}/elsewhere\",\"autoInit\":false,\"scanDeadline\":\"7s\"}}");

        var config = _workspace.Json("config", "trust");

        Assert.Equal(["storeHome", "autoInit"], config.GetProperty("ignored").EnumerateArray().Select(ignored => ignored.GetProperty("key").GetString()));
        Assert.Equal("7s", Setting(config, "scanDeadline").GetProperty("value").GetString());
    }

    [Fact]
    public void Nothing_is_trusted_that_is_not_there_or_cannot_be_read()
    {
        Assert.Contains("nothing to trust", _workspace.Run("config", "trust").Expect(1).Error, StringComparison.Ordinal);
        _workspace.Write("savepoint.json", "{\"maxFileByte\": 4}");
        Assert.Contains("maxFileByte", _workspace.Run("config", "trust").Expect(1).Error, StringComparison.Ordinal);
        Assert.Contains("config mistrust", _workspace.Run("config", "mistrust").Expect(2).Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_workspace.StoreHome, "trusted")));
    }

    [Fact]
    public void A_record_that_is_none_or_of_another_workspace_is_no_trust()
    {
        _workspace.Write("savepoint.json", Limit);
        _workspace.Run("config", "trust").Expect(0);
        var record = Directory.GetFiles(Path.Combine(_workspace.StoreHome, "trusted")).Single();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(record));
        var text = File.ReadAllText(record);

        foreach (var other in (string[])["", "[]", text.Replace(_workspace.Root, _workspace.Home, StringComparison.Ordinal)])
        {
            File.WriteAllText(record, other);
            Assert.Equal("untrusted", Trust().State);
        }
    }

    [Fact]
    public void A_pipe_in_place_of_the_file_holds_no_hook_up()
    {
        _workspace.GiveHooksTime();
        _workspace.Json("init");
        _workspace.Shell("mkfifo savepoint.json").Expect(0);
        var call = JsonSerializer.Serialize(new { hook_event_name = "Stop", session_id = "s", cwd = _workspace.Root });
        _workspace.Write("a.txt", "a\n");

        var result = Executable.Run(Executable.File, ["hook", "claude-code"], _workspace.Root, _workspace.Environment, Encoding.UTF8.GetBytes(call)).Expect(0);

        Assert.Contains("no ordinary file", result.Error, StringComparison.Ordinal);
        Assert.Equal(2, _workspace.Json("status").GetProperty("head").GetInt64());
    }

    /// <summary>Whether the file is trusted, whether its limit is ignored, and where the one in force comes from.</summary>
    private (string? State, bool IsIgnored, string? Source) Trust(params string[] arguments)
    {
        var config = _workspace.Json(["config", .. arguments]);
        return (config.GetProperty("workspaceFile").GetProperty("trust").GetString(), config.GetProperty("ignored").GetArrayLength() == 1, Setting(config, "maxFileBytes").GetProperty("source").GetString());
    }

    private bool IsRecorded(string file)
    {
        _workspace.Write(file, "more than four bytes\n");
        return _workspace.Json("capture").GetProperty("changes").EnumerateArray().Any(change => change.GetProperty("path").GetString() == file);
    }

    private static JsonElement Setting(JsonElement config, string key) =>
        config.GetProperty("settings").EnumerateArray().Single(setting => setting.GetProperty("key").GetString() == key);
}
