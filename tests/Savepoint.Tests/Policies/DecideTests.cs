using Savepoint.Model;
using Savepoint.Policies;
using Xunit;

namespace Savepoint.Tests.Policies;

/// <summary>Real checks by a shell, and what is decided and done about them.</summary>
public sealed class DecideTests : IDisposable
{
    private static readonly CheckCommands Commands = new("sh -n main.sh", "sh tests.sh", "sh bench.sh");

    private readonly Workspace _workspace = new();

    public DecideTests() => _workspace.Options = _workspace.Options with { Policies = new PolicyOptions() };

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task A_build_that_fails_is_rolled_back_once_and_named()
    {
        await using var manager = await StartAsync();
        var good = Tree();
        var bad = await EditAsync(manager, "main.sh", "if true; then echo\n");

        var first = await CheckAsync(manager);

        Assert.Equal(("onCompileError", "rollbackToLastWorkingState", DecisionOutcome.Done, new SnapshotNumber(1)), Outline(first));
        Assert.Equal(manager.Head?.ToString(), first.Result);
        Assert.Equal(good, Tree());
        Assert.Equal(bad, first.Analysis!.Suspects[0].Snapshot);

        // The same mistake again is left where it is; once something else has passed, it is not.
        await EditAsync(manager, "main.sh", "if true; then echo\n");
        var second = await CheckAsync(manager);
        Assert.Equal(("onCompileError", DecisionOutcome.Suggested), (second.Rule, second.Outcome));
        Assert.Contains($"decision {first.Id}", second.Reason, StringComparison.Ordinal);
        Assert.Equal(second.Id, (await CheckAsync(manager)).Id);

        await EditAsync(manager, "main.sh", "value=2\n");
        Assert.Equal("none", (await CheckAsync(manager)).Rule);
        await EditAsync(manager, "main.sh", "if true; then echo\n");
        Assert.Equal(DecisionOutcome.Done, (await CheckAsync(manager)).Outcome);
        Assert.Equal("value=2\n", _workspace.Read("main.sh"));
        Assert.Empty(manager.Verify().Problems);
    }

    [Fact]
    public async Task Old_failures_are_let_be_and_many_new_ones_are_rolled_back_with_their_names()
    {
        _workspace.Write("old-failure", "");
        await using var manager = await StartAsync();
        await EditAsync(manager, "readme", "text");
        Assert.Equal(("none", "none", DecisionOutcome.None, (SnapshotNumber?)null), Outline(await CheckAsync(manager)));

        await EditAsync(manager, "main.sh", "value=9\n");
        var decision = await CheckAsync(manager);

        Assert.Equal(("onTestFailure", "rollbackWithAnalysis", DecisionOutcome.Done, new SnapshotNumber(2)), Outline(decision));
        Assert.Equal(["value 1", "value 2"], decision.Analysis!.Failing);
        Assert.Equal("value=1\n", _workspace.Read("main.sh"));
        Assert.Equal("text", _workspace.Read("readme"));
    }

    [Fact]
    public async Task A_failure_that_was_let_be_does_not_take_the_work_since_it_with_the_next()
    {
        var policies = new PolicyOptions { Rollback = new RollbackPolicy { TestFailureThreshold = 0.5 } };
        await using var manager = await StartAsync();
        await EditAsync(manager, "main.sh", "value=5\n");
        Assert.Equal("none", (await CheckAsync(manager, policies)).Rule);
        await EditAsync(manager, "readme", "text");
        await CheckAsync(manager, policies);
        await EditAsync(manager, "main.sh", "value=9\n");

        var decision = await CheckAsync(manager, policies);

        Assert.Equal(("onTestFailure", "rollbackWithAnalysis", DecisionOutcome.Done, new SnapshotNumber(3)), Outline(decision));
        Assert.Equal(["value 2"], decision.Analysis!.Failing);
        Assert.Equal(("value=5\n", "text"), (_workspace.Read("main.sh"), _workspace.Read("readme")));
    }

    [Fact]
    public async Task A_slower_benchmark_is_rolled_back_and_noise_is_not()
    {
        await using var manager = await StartAsync();
        await EditAsync(manager, "bench.sh", "for t in 108 93 111 97 104; do echo \"loop $t ms\"; done\n");
        Assert.Equal("none", (await CheckAsync(manager)).Rule);

        await EditAsync(manager, "bench.sh", "for t in 150 148 151 149 152; do echo \"loop $t ms\"; done\n");
        var decision = await CheckAsync(manager);

        Assert.Equal(("onPerformanceDrop", "rollbackToPerformanceBaseline", DecisionOutcome.Done, new SnapshotNumber(2)), Outline(decision));
        Assert.Equal(0.2, decision.Numbers[0].Threshold);
    }

    [Fact]
    public async Task Tests_that_pass_after_they_did_not_make_a_milestone()
    {
        _workspace.Write("old-failure", "");
        await using var manager = await StartAsync();
        File.Delete(_workspace.At("old-failure"));
        await manager.CaptureAsync();

        var decision = await CheckAsync(manager);

        Assert.Equal(("onFeatureComplete", "create-milestone-snapshot", DecisionOutcome.Done, new SnapshotNumber(2)), Outline(decision));
        Assert.Equal("feature-2", Assert.Single(manager.Labels()).Name);
        Assert.Equal(new SnapshotNumber(2), Assert.Single(manager.Milestones()).Snapshot);
        Assert.Equal("none", (await CheckAsync(manager)).Rule);
    }

    [Fact]
    public async Task A_dependency_checkpoint_is_released_by_a_check_that_passes_and_offered_by_one_that_fails()
    {
        await using var manager = await StartAsync();
        await EditAsync(manager, "package.json", "{}");
        Assert.Single(manager.Labels(), label => label.Name == "dependencies-1");
        await EditAsync(manager, "main.sh", "if");

        var failed = await CheckAsync(manager, new PolicyOptions { Rollback = new RollbackPolicy().Suggesting() });
        Assert.Contains("savepoint rollback dependencies-1", failed.Reason, StringComparison.Ordinal);
        Assert.Equal("if", _workspace.Read("main.sh"));

        await EditAsync(manager, "main.sh", "value=2\n");
        await CheckAsync(manager);
        Assert.DoesNotContain(manager.Labels(), label => label.Name == "dependencies-1");
    }

    [Fact]
    public async Task What_was_recorded_while_checks_ran_is_not_rolled_back()
    {
        await using var manager = await StartAsync();
        await EditAsync(manager, "main.sh", "if");
        var check = await manager.CheckAsync(Commands);
        await EditAsync(manager, "other", "meanwhile");

        var decision = await manager.DecideAsync(check);

        Assert.Equal(("onCompileError", DecisionOutcome.Suggested), (decision.Rule, decision.Outcome));
        Assert.Equal("meanwhile", _workspace.Read("other"));
    }

    [Fact]
    public async Task Without_policies_a_check_decides_nothing()
    {
        _workspace.Options = _workspace.Options with { Policies = null };
        await using var manager = await StartAsync();
        await EditAsync(manager, "main.sh", "if");

        Assert.Equal("none", (await CheckAsync(manager)).Rule);
        Assert.Equal("if", _workspace.Read("main.sh"));
    }

    [Fact]
    public async Task Every_decision_is_made_again_from_its_record()
    {
        await using var manager = await StartAsync();
        foreach (var text in new[] { "if", "value=9\n", "value=1 # remark\n", "if", "if" })
        {
            await EditAsync(manager, "main.sh", text);
            await CheckAsync(manager);
        }

        var decisions = manager.Decisions();
        Assert.True(decisions.Count >= 5);
        Assert.All(decisions, decision =>
        {
            var again = SnapshotDecisionEngine.Replay(decision)!;
            Assert.Equal((decision.Rule, decision.Action, decision.Target, decision.Mode, decision.Reason), (again.Rule, again.Action, again.Target, again.Mode, again.Reason));
        });
    }

    [Fact]
    public async Task A_policy_is_recorded_once_for_all_decisions_made_by_it() // the start has one of its own
    {
        await using var manager = await StartAsync();
        var other = new PolicyOptions { Rollback = new RollbackPolicy { TestFailureThreshold = 0.9 } };
        foreach (var (text, policies) in new[] { ("value=2\n", other), ("value=3\n", null), ("value=4\n", null), ("value=3\n", other) })
        {
            await EditAsync(manager, "main.sh", text);
            await CheckAsync(manager, policies);
        }

        Assert.Equal((5, 3L), (manager.Decisions().Count, Storage.Sql.Scalar(Database, "SELECT count(*) FROM policies")));
        Assert.Equal(2, manager.Decisions().Count(decision => decision.Signals.Contains("\"testFailureThreshold\":0.9", StringComparison.Ordinal)));
        Assert.Empty(manager.Verify().Problems);
    }

    private static (string, string, DecisionOutcome, SnapshotNumber?) Outline(Decision decision) => (decision.Rule, decision.Action, decision.Outcome, decision.Target);

    [Fact]
    public async Task What_was_rolled_back_once_is_not_again_after_a_repair()
    {
        await using (var manager = await StartAsync())
        {
            await EditAsync(manager, "main.sh", "if true; then echo\n");
            Assert.Equal(DecisionOutcome.Done, (await CheckAsync(manager)).Outcome);
        }

        Assert.Empty((await RepairAsync("DELETE FROM tree")).Lost);

        await using var repaired = await _workspace.OpenAsync();
        await EditAsync(repaired, "main.sh", "if true; then echo\n");
        Assert.Equal(DecisionOutcome.Suggested, (await CheckAsync(repaired)).Outcome);
    }

    [Theory]
    [InlineData("UPDATE decisions SET reason = 'x'")]
    [InlineData("UPDATE decisions SET numbers = '['")]
    [InlineData("UPDATE decisions SET signals = replace(signals, '\"policy\":', '\"policy\":9')")]
    [InlineData("UPDATE policies SET policy = replace(policy, '20', '21')")]
    public async Task A_decision_that_is_damaged_is_lost_and_named(string damage)
    {
        await using (var manager = await StartAsync())
        {
            await EditAsync(manager, "main.sh", "if true; then echo\n");
            await CheckAsync(manager);
        }

        var id = Storage.Sql.Scalar(Database, "SELECT max(id) FROM decisions");
        Assert.Contains($"decision {id}: it did not match its hash", (await RepairAsync(damage)).Lost);
        await using var repaired = await _workspace.OpenAsync();
        Assert.Empty(repaired.Verify().Problems);
    }

    private string Database => Path.Combine(Directory.GetDirectories(_workspace.Options.StoreHome).Single(), "store.db");

    private Task<RepairResult> RepairAsync(string damage)
    {
        Storage.Sql.Execute(Database, damage);
        return SnapshotManager.RepairAsync(_workspace.Root, _workspace.Options);
    }

    private async Task<Decision> CheckAsync(SnapshotManager manager, PolicyOptions? policies = null) =>
        await manager.DecideAsync(await manager.MeasureAgainAsync(await manager.CheckAsync(Commands), policies ?? _workspace.Options.Policies ?? new PolicyOptions()), policies);

    private async Task<SnapshotNumber> EditAsync(SnapshotManager manager, string path, string text)
    {
        _workspace.Write(path, text);
        return (await manager.CaptureAsync(context: new CaptureContext { Actor = new Actor("claude") })).Snapshot!.Number;
    }

    /// <summary>A project whose three tests look at one value, checked once.</summary>
    private async Task<SnapshotManager> StartAsync()
    {
        _workspace.Write("main.sh", "value=1\n");
        _workspace.Write("tests.sh", """
            . ./main.sh
            failed=0
            check() { if [ "$2" = yes ]; then echo "ok - $1"; else echo "not ok - $1"; failed=1; fi; }
            echo 'TAP version 13'
            echo '1..3'
            check 'value 1' "$([ "$value" -lt 5 ] && echo yes)"
            check 'value 2' "$([ "$value" -lt 6 ] && echo yes)"
            check 'old' "$([ -e old-failure ] || echo yes)"
            exit $failed
            """.ReplaceLineEndings("\n"));
        _workspace.Write("bench.sh", "for t in 98 101 100 103 97; do echo \"loop $t ms\"; done\n");
        var manager = await _workspace.InitAsync();
        var policies = _workspace.Options.Policies;
        await manager.DecideAsync(await manager.CheckAsync(Commands), policies is null ? null : policies with { Checkpoints = new CheckpointPolicy { OnFeatureComplete = PolicyMode.Off } });
        return manager;
    }

    private SortedDictionary<string, string> Tree() =>
        new(Directory.EnumerateFiles(_workspace.Root, "*", SearchOption.AllDirectories).ToDictionary(file => file, File.ReadAllText), StringComparer.Ordinal);
}
