namespace Savepoint.Cli.Tests.Verbs;

/// <summary>What the policies decide at the command line, without being asked and by the settings.</summary>
public sealed class DecisionsTests : IDisposable
{
    private readonly CliWorkspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void A_change_of_dependencies_names_the_state_before_and_says_why()
    {
        _workspace.Write("package.json", "{}\n");
        _workspace.Run("init").Expect(0);
        _workspace.Write("package.json", "{\"dependencies\":{}}\n");
        _workspace.Capture();

        var label = Assert.Single(_workspace.Json("labels").GetProperty("labels").EnumerateArray());
        Assert.Equal("dependencies-1", label.GetProperty("name").GetString());
        Assert.Equal("until-verification", label.GetProperty("retention").GetString());

        var list = _workspace.Json("decisions");
        JsonSchema.Check("decisions", list);
        var decision = Assert.Single(list.GetProperty("decisions").EnumerateArray());
        Assert.Equal("beforeDependencyUpdate", decision.GetProperty("rule").GetString());

        var explained = _workspace.Json("decisions", "--explain", "1");
        JsonSchema.Check("decisions", explained);
        Assert.True(explained.GetProperty("replayed").GetBoolean());
        Assert.Equal("package.json", explained.GetProperty("signals").GetProperty("signals").GetProperty("manifests")[0].GetString());

        var text = _workspace.Run("decisions", "--explain", "1").Expect(0).Output;
        Assert.Contains("beforeDependencyUpdate", text, StringComparison.Ordinal);
        Assert.Contains("manifests = 1, threshold 0", text, StringComparison.Ordinal);

        var happened = _workspace.Run("events").Expect(0).JsonLines.Where(line => line.GetProperty("event").GetString() == "policy:decision").ToList();
        JsonSchema.Check("events", Assert.Single(happened));
    }

    [Fact]
    public void Many_files_at_once_name_the_state_before_for_the_session()
    {
        WriteMany("one");
        _workspace.Run("init").Expect(0);
        WriteMany("two");
        _workspace.Capture("--session", "s1");

        var label = Assert.Single(_workspace.Json("labels").GetProperty("labels").EnumerateArray());
        Assert.Equal(("safety-1", "session"), (label.GetProperty("name").GetString(), label.GetProperty("retention").GetString()));
        _workspace.Run("rollback", "safety-1").Expect(0);
        Assert.Equal("one 7", _workspace.Read("d/f7.txt"));
    }

    [Fact]
    public void The_users_settings_turn_rules_off_and_move_thresholds()
    {
        WriteUserFile("{\"checkpoints\":{\"beforeDependencyUpdate\":\"off\",\"beforeMajorRefactor\":\"suggest\",\"largeScaleFiles\":2}}");
        _workspace.Write("go.mod", "module a\n");
        _workspace.Run("init").Expect(0);
        _workspace.Write("go.mod", "module b\n");
        _workspace.Write("go.sum", "x\n");
        _workspace.Capture();

        Assert.Empty(_workspace.Json("labels").GetProperty("labels").EnumerateArray());
        var decision = Assert.Single(_workspace.Json("decisions").GetProperty("decisions").EnumerateArray());
        Assert.Equal(("beforeMajorRefactor", "suggest", "suggested", 2.0), (decision.GetProperty("rule").GetString(), decision.GetProperty("mode").GetString(), decision.GetProperty("outcome").GetString(), decision.GetProperty("threshold").GetDouble()));
        Assert.Equal(("2", UserFile), Setting("checkpoints.largeScaleFiles"));
        Assert.Equal(("suggest", "default"), Setting("triggers.onCompileError"));
        Assert.Equal(("0.3", "default"), Setting("triggers.testFailureThreshold"));
    }

    [Theory]
    [InlineData("{\"triggers\":{\"onCompileError\":\"always\"}}", "triggers.onCompileError")]
    [InlineData("{\"triggers\":{\"onCompileErrors\":\"act\"}}", "triggers.onCompileErrors")]
    [InlineData("{\"triggers\":{\"testFailureThreshold\":30}}", "triggers.testFailureThreshold")]
    [InlineData("{\"checkpoints\":{\"largeScaleFiles\":0}}", "checkpoints.largeScaleFiles")]
    [InlineData("{\"checkpoints\":\"act\"}", "checkpoints")]
    public void A_setting_that_is_none_is_an_error_that_names_it(string text, string named)
    {
        WriteUserFile(text);

        var result = _workspace.Run("config").Expect(1);

        Assert.Contains(named, result.Error, StringComparison.Ordinal);
        Assert.Contains(UserFile, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_decisions_there_is_nothing_to_explain()
    {
        _workspace.Run("init").Expect(0);

        Assert.Empty(_workspace.Json("decisions").GetProperty("decisions").EnumerateArray());
        Assert.Contains("There is no decision 1", _workspace.Run("decisions", "--explain", "1").Expect(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Retentions_have_the_seeds_names_too()
    {
        _workspace.Run("init").Expect(0);

        _workspace.Run("checkpoint", "a", "--retention", "session-duration").Expect(0);
        _workspace.Run("checkpoint", "b", "--retention", "user-decision").Expect(0);

        Assert.Equal(["session", "user"], _workspace.Json("labels").GetProperty("labels").EnumerateArray().OrderBy(label => label.GetProperty("name").GetString()).Select(label => label.GetProperty("retention").GetString()));
    }

    private string UserFile => Path.Combine(_workspace.Home, ".config", "savepoint", "config.json");

    private (string?, string?) Setting(string key)
    {
        var setting = _workspace.Json("config").GetProperty("settings").EnumerateArray().Single(candidate => candidate.GetProperty("key").GetString() == key);
        return (setting.GetProperty("value").GetString(), setting.GetProperty("source").GetString());
    }

    private void WriteUserFile(string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(UserFile)!);
        File.WriteAllText(UserFile, text);
    }

    private void WriteMany(string text)
    {
        for (var i = 0; i < 20; i++)
        {
            _workspace.Write($"d/f{i}.txt", $"{text} {i}");
        }
    }
}
