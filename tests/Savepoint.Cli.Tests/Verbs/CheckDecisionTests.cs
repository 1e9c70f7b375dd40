using System.Text.Json;

namespace Savepoint.Cli.Tests.Verbs;

/// <summary><c>check</c> decides: what it answers, what it does, and the exit code that says so.</summary>
public sealed class CheckDecisionTests : IDisposable
{
    private static readonly string[] Checks = ["--build", "sh -n main.sh", "--test", "sh main.sh", "--bench", "cat figures"];

    private readonly CliWorkspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void A_breaking_edit_is_suggested_to_be_rolled_back_and_is_when_asked()
    {
        Start();
        _workspace.Write("main.sh", "if");
        var bad = _workspace.Capture("--agent", "claude");

        var suggested = Check(1);
        Assert.Equal(("onCompileError", "rollbackToLastWorkingState", 1L), Outline(suggested));
        Assert.Equal("if", _workspace.Read("main.sh"));
        JsonSchema.Check("check", suggested);

        var text = _workspace.Run(["check", .. Checks]).Expect(1).Output;
        Assert.Contains("'savepoint rollback 1' goes back to it", text, StringComparison.Ordinal);
        Assert.Contains($"'savepoint show {bad}'", text, StringComparison.Ordinal);

        var done = Check(4, "--auto-rollback");
        JsonSchema.Check("check", done);
        Assert.Equal(("onCompileError", "rollbackToLastWorkingState", 1L), Outline(done));
        Assert.Equal(bad, done.GetProperty("snapshot").GetInt64());
        Assert.Equal(done.GetProperty("head").GetInt64().ToString(), done.GetProperty("decision").GetProperty("result").GetString());
        Assert.Equal(bad, done.GetProperty("decision").GetProperty("analysis").GetProperty("suspects")[0].GetProperty("snapshot").GetInt64());
        Assert.Equal("exit 0\n", _workspace.Read("main.sh"));
        _workspace.Run("undo").Expect(0);
        Assert.Equal("if", _workspace.Read("main.sh"));
    }

    [Fact]
    public void A_setting_that_says_act_acts_without_the_option()
    {
        Start();
        _workspace.Write("savepoint.json", "{\"triggers\":{\"onCompileError\":\"act\"}}");
        Check(0);
        _workspace.Write("main.sh", "if");

        Check(4);

        Assert.Equal("exit 0\n", _workspace.Read("main.sh"));
    }

    [Fact]
    public void Tests_that_only_pass_or_fail_can_only_suggest()
    {
        Start();
        _workspace.Write("main.sh", "exit 3\n");

        var answer = Check(1, "--auto-rollback");

        Assert.Equal(("onTestFailure", "rollbackWithAnalysis", 1L), Outline(answer));
        Assert.Equal("suggested", answer.GetProperty("decision").GetProperty("outcome").GetString());
        Assert.Equal("exit 3\n", _workspace.Read("main.sh"));
    }

    [Fact]
    public void A_benchmark_that_ran_once_and_is_slower_is_run_again_before_anything_is_done()
    {
        Start();
        _workspace.Write("figures", "parse 200 ms\n");

        var answer = Check(4, "--auto-rollback");

        Assert.Equal(("onPerformanceDrop", "rollbackToPerformanceBaseline", 1L), Outline(answer));
        Assert.Equal("parse 100 ms\n", _workspace.Read("figures"));
        Assert.Equal(0.2, answer.GetProperty("decision").GetProperty("threshold").GetDouble());
    }

    [Fact]
    public void What_passes_for_the_first_time_is_a_milestone_and_nothing_after_it()
    {
        Start(isFirst: true);
        var first = Check(0);
        Assert.Equal(("onFeatureComplete", "create-milestone-snapshot", 1L), Outline(first));
        Assert.Equal("feature-1", first.GetProperty("decision").GetProperty("result").GetString());

        _workspace.Write("readme", "text");
        Assert.Equal("none", Check(0).GetProperty("decision").GetProperty("rule").GetString());
        var label = Assert.Single(_workspace.Json("labels").GetProperty("labels").EnumerateArray());
        Assert.Equal(("milestone", "permanent"), (label.GetProperty("kind").GetString(), label.GetProperty("retention").GetString()));
    }

    [Fact]
    public void The_first_bad_snapshot_is_searched_for_when_asked()
    {
        Start();
        _workspace.Write("readme", "one");
        _workspace.Capture();
        _workspace.Write("main.sh", "if");
        var bad = _workspace.Capture("--agent", "claude");
        _workspace.Write("readme", "two");
        _workspace.Capture();

        var answer = Check(1, "--bisect");

        JsonSchema.Check("check", answer);
        var decision = answer.GetProperty("decision");
        Assert.Equal(bad, decision.GetProperty("analysis").GetProperty("firstBad").GetInt64());
        var text = _workspace.Run(["check", .. Checks, "--bisect"]).Expect(1).Output;
        Assert.Contains($"the first bad one is {bad} (claude), which changed main.sh. 'savepoint revert {bad}' takes back that one alone.", text, StringComparison.Ordinal);
        Assert.Equal(("if", "two"), (_workspace.Read("main.sh"), _workspace.Read("readme")));
        Assert.Contains($"the first bad one is {bad}", _workspace.Run("decisions", "--explain", decision.GetProperty("id").ToString()).Expect(0).Output, StringComparison.Ordinal);
    }

    private static (string?, string?, long) Outline(JsonElement answer)
    {
        var decision = answer.GetProperty("decision");
        return (decision.GetProperty("rule").GetString(), decision.GetProperty("action").GetString(), decision.GetProperty("target").GetInt64());
    }

    private void Start(bool isFirst = false)
    {
        _workspace.Write("main.sh", "exit 0\n");
        _workspace.Write("figures", "parse 100 ms\n");
        _workspace.Run("init").Expect(0);
        if (!isFirst)
        {
            Check(0);
        }
    }

    private JsonElement Check(int code, params string[] options) => _workspace.Run(["check", .. Checks, .. options, "--json"]).Expect(code).Json;
}
