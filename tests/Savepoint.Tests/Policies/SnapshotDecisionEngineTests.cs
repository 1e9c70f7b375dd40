using Savepoint.Model;
using Savepoint.Policies;
using Xunit;

namespace Savepoint.Tests.Policies;

/// <summary>Signals in, one decision out. Every decision here is also made again from its record.</summary>
public sealed class SnapshotDecisionEngineTests
{
    private static readonly SnapshotNumber Now = new(20);
    private static readonly CheckSignals Good = new()
    {
        Snapshot = Now,
        Build = BuildResult.Passed,
        Tests = new TestSignals(true, true, 40, 0, [], 40),
        WorkingStates = Targets(18, 15),
        TestedStates = Targets(17, 15),
        FastStates = Targets(16, 15),
        PassedBefore = true,
    };

    [Fact]
    public void A_failed_build_goes_back_to_the_newest_state_that_built()
    {
        var decision = Decide(Good with { Build = BuildResult.Failed, Errors = ["src/a.cs: CS1002 ; expected"] });

        Assert.Equal(("onCompileError", "rollbackToLastWorkingState", PolicyMode.Act, new SnapshotNumber(18)), Outline(decision));
        Assert.Contains("CS1002", decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_build_that_fails_hides_what_tests_and_benchmarks_say() =>
        Assert.Equal("onCompileError", Decide(WithFailing(40) with { Build = BuildResult.Failed, Benchmarks = [Slow(2)] }).Rule);

    [Theory]
    [InlineData(12, "none")]
    [InlineData(13, "onTestFailure")]
    public void More_than_thirty_percent_of_the_tests_that_passed_must_fail(int failing, string rule)
    {
        var decision = Decide(WithFailing(failing));

        Assert.Equal(rule, decision.Rule);
        Assert.Equal(rule == "none" ? null : new SnapshotNumber(17), decision.Target);
        Assert.Equal(rule == "none" ? "none" : "rollbackWithAnalysis", decision.Action);
    }

    [Fact]
    public void Tests_that_failed_at_the_baseline_trip_nothing()
    {
        var decision = Decide(Good with { Tests = new TestSignals(false, true, 5, 35, [], 5) });

        Assert.Equal("none", decision.Rule);
        Assert.Contains("failed at the baseline too", decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_counts_a_failure_only_suggests()
    {
        var decision = Decide(Good with { Tests = new TestSignals(false, false, 0, 0, [], null) });

        Assert.Equal(("onTestFailure", "rollbackWithAnalysis", PolicyMode.Suggest, new SnapshotNumber(17)), Outline(decision));
    }

    [Theory]
    [InlineData(1.20, 0, "none")]
    [InlineData(1.21, 0, "onPerformanceDrop")]
    [InlineData(1.30, 0.06, "none")]
    [InlineData(1.40, 0.06, "onPerformanceDrop")]
    [InlineData(0.70, 0, "none")]
    public void A_benchmark_must_be_slower_by_a_fifth_beyond_both_spreads(double factor, double spread, string rule)
    {
        var decision = Decide(Good with { Benchmarks = [new BenchmarkSignal("parse", 100 * factor, spread, 100, spread)] });

        Assert.Equal(rule, decision.Rule);
        Assert.Equal(rule == "none" ? null : new SnapshotNumber(16), decision.Target);
    }

    [Fact]
    public void Of_operations_a_second_more_is_better()
    {
        Assert.Equal("onPerformanceDrop", Decide(Good with { Benchmarks = [new BenchmarkSignal("parse", 50, 0, 100, 0, IsMoreBetter: true)] }).Rule);
        Assert.Equal("none", Decide(Good with { Benchmarks = [new BenchmarkSignal("parse", 200, 0, 100, 0, IsMoreBetter: true)] }).Rule);
    }

    [Fact]
    public void A_benchmark_that_ran_once_only_suggests() =>
        Assert.Equal(PolicyMode.Suggest, Decide(Good with { Benchmarks = [new BenchmarkSignal("parse", 200, null, 100, null)] }).Mode);

    [Theory]
    [InlineData(0.02, 0.03, "none")]
    [InlineData(0.05, 0, "none")]
    [InlineData(0.06, 0, "onPerformanceDrop")]
    [InlineData(0.15, 0.04, "onPerformanceDrop")]
    public void What_earlier_states_brought_of_a_slowdown_is_not_blamed_on_this_one(double own, double noise, string rule)
    {
        var decision = Decide(Good with { Benchmarks = [new BenchmarkSignal("parse", 130, 0, 100, 0) { Step = new BenchmarkStep(new(18), own, noise, IsBeside: true) }] });

        Assert.Equal(rule, decision.Rule);
        Assert.Contains("snapshot 18", decision.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, PolicyMode.Act)]
    [InlineData(false, PolicyMode.Suggest)]
    public void Figures_of_different_hours_only_suggest(bool isBeside, PolicyMode mode) =>
        Assert.Equal(mode, Decide(Good with { Benchmarks = [new BenchmarkSignal("parse", 200, 0, 100, 0) { Step = new BenchmarkStep(new(18), 1, 0, isBeside) }] }).Mode);

    [Theory]
    [InlineData(27, "onTestFailure")]
    [InlineData(28, "none")]
    public void Tests_that_are_gone_while_the_command_fails_count_as_failing_and_only_suggest(int passed, string rule)
    {
        var decision = Decide(Good with { Tests = new TestSignals(false, true, passed, 1, [], 40) });

        Assert.Equal(rule, decision.Rule);
        Assert.NotEqual(PolicyMode.Act, decision.Mode);
    }

    [Theory]
    [InlineData(9, 11, 60, 60, "onQualityDegradation")]
    [InlineData(9, 10, 60, 60, "none")]
    [InlineData(14, 12, 60, 60, "none")]
    [InlineData(3, 3, 25, 19, "onQualityDegradation")]
    [InlineData(3, 3, 18, 19, "none")]
    public void A_function_degrades_when_it_is_past_the_threshold_and_worse_than_before(int complexityBefore, int complexity, int indexBefore, int index, string rule)
    {
        var decision = Decide(Good with { Functions = [Change("Parser.Read", complexityBefore, complexity, indexBefore, index)] });

        Assert.Equal(rule, decision.Rule);
        if (rule != "none")
        {
            Assert.Equal("suggestRollbackOrRefactor", decision.Action);
            Assert.Equal(PolicyMode.Suggest, decision.Mode);
            Assert.Contains("src/a.cs:3 Parser.Read", decision.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_trigger_that_is_off_is_not_looked_at()
    {
        var off = new PolicyOptions { Rollback = new RollbackPolicy { OnCompileError = PolicyMode.Off } };

        Assert.Equal("none", Decide(Good with { Build = BuildResult.Failed }, off).Rule);
    }

    [Fact]
    public void What_was_rolled_back_is_not_rolled_back_again_for_the_same_cause()
    {
        var failed = Good with { Build = BuildResult.Failed, Errors = ["b", "a"] };
        var cause = Decide(failed).Cause;

        var again = Decide(failed with { Errors = ["a", "b"], Acted = [new PriorDecision(7, "onCompileError", cause)] });
        var other = Decide(failed with { Errors = ["a", "c"], Acted = [new PriorDecision(7, "onCompileError", cause)] });

        Assert.Equal(PolicyMode.Suggest, again.Mode);
        Assert.Contains("decision 7", again.Reason, StringComparison.Ordinal);
        Assert.Equal(PolicyMode.Act, other.Mode);
    }

    [Fact]
    public void A_state_that_was_rejected_is_no_target()
    {
        var one = Decide(Good with { Build = BuildResult.Failed, WorkingStates = [new RollbackTarget(new(18), true), new RollbackTarget(new(15), false)] });
        var all = Decide(Good with { Build = BuildResult.Failed, WorkingStates = [new RollbackTarget(new(18), true)] });

        Assert.Equal(new SnapshotNumber(15), one.Target);
        Assert.Equal(("onCompileError", "none", PolicyMode.Suggest, (SnapshotNumber?)null), Outline(all));
    }

    [Fact]
    public void A_trigger_that_tripped_is_settled_only_well_below_its_threshold()
    {
        var open = new[] { new PriorDecision(3, "onTestFailure", "") };

        Assert.Equal("none", Decide(WithFailing(9)).Rule);
        Assert.Equal("onTestFailure", Decide(WithFailing(9) with { Open = open }).Rule);
        Assert.Equal("none", Decide(WithFailing(7) with { Open = open }).Rule);
    }

    [Theory]
    [InlineData(false, "create-milestone-snapshot")]
    [InlineData(null, "create-milestone-snapshot")]
    [InlineData(true, "none")]
    public void A_feature_is_complete_when_all_passes_that_did_not_before(bool? passedBefore, string action)
    {
        var decision = Decide(Good with { PassedBefore = passedBefore });

        Assert.Equal(action, decision.Action);
        Assert.Equal(action == "none" ? null : Retention.Permanent, decision.Retention);
    }

    [Fact]
    public void A_dependency_checkpoint_that_waits_is_offered_when_something_fails()
    {
        var decision = Decide(Good with { Build = BuildResult.Failed, UnverifiedDependencies = "dependencies-12" });

        Assert.Contains("savepoint rollback dependencies-12", decision.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(19, 1000L, null)]
    [InlineData(20, null, "beforeMajorRefactor")]
    [InlineData(6, 61L, null)]
    [InlineData(6, 60L, "beforeMajorRefactor")]
    [InlineData(4, 8L, null)]
    public void An_operation_is_large_by_its_files_or_by_its_share_of_the_tree(int files, long? tree, string? rule)
    {
        var decisions = DecideAll(new CaptureSignals { Snapshot = Now, Before = new(19), ChangedFiles = files, TreeFiles = tree });

        Assert.Equal(rule, decisions.SingleOrDefault()?.Rule);
        Assert.All(decisions, decision => Assert.Equal((new SnapshotNumber(19), Retention.Session), (decision.Target, decision.Retention)));
    }

    [Fact]
    public void Dependencies_get_one_checkpoint_until_they_are_verified()
    {
        var signals = new CaptureSignals { Snapshot = Now, Before = new(19), ChangedFiles = 1, Manifests = ["web/package.json"] };

        var first = Assert.Single(DecideAll(signals));
        Assert.Equal(("create-dependency-checkpoint", Retention.UntilVerification), (first.Action, first.Retention));
        Assert.Empty(DecideAll(signals with { UnverifiedDependencies = "dependencies-12" }));
    }

    [Fact]
    public void A_function_that_passes_the_threshold_is_worth_a_checkpoint_once()
    {
        var signals = new FunctionSignals { Snapshot = Now, Before = new(19), Functions = [Change("Parser.Read", 9, 12, 60, 55)] };
        var further = signals with { Functions = [Change("Parser.Read", 12, 13, 55, 54)] };

        Assert.Equal(["onQualityDegradation", "onComplexityThreshold"], DecideFunctions(signals).Select(decision => decision.Rule));
        Assert.Equal(["onQualityDegradation"], DecideFunctions(further).Select(decision => decision.Rule));
    }

    private static CheckSignals WithFailing(int count) =>
        Good with { Tests = new TestSignals(false, true, 40 - count, count, [.. Enumerable.Range(0, count).Select(index => $"Test{index}")], 40) };

    private static BenchmarkSignal Slow(double factor) => new("parse", 100 * factor, 0, 100, 0);

    private static FunctionChange Change(string name, int complexityBefore, int complexity, int indexBefore, int index) => new(
        WorkspacePath.Parse("src/a.cs"), new FunctionMetrics(name, 3, 9, complexityBefore, indexBefore, 1), new FunctionMetrics(name, 3, 12, complexity, index, ulong.MaxValue));

    private static List<RollbackTarget> Targets(params long[] snapshots) => [.. snapshots.Select(snapshot => new RollbackTarget(new(snapshot), false))];

    private static (string, string, PolicyMode, SnapshotNumber?) Outline(Decision decision) => (decision.Rule, decision.Action, decision.Mode, decision.Target);

    private static Decision Decide(CheckSignals signals, PolicyOptions? options = null) => Replayed(new SnapshotDecisionEngine(options ?? new PolicyOptions()).Decide(signals));

    private static IReadOnlyList<Decision> DecideAll(CaptureSignals signals) => [.. new SnapshotDecisionEngine(new PolicyOptions()).Decide(signals).Select(Replayed)];

    private static IReadOnlyList<Decision> DecideFunctions(FunctionSignals signals) => [.. new SnapshotDecisionEngine(new PolicyOptions()).Decide(signals).Select(Replayed)];

    /// <summary>The decision, once the same was made of its record alone.</summary>
    private static Decision Replayed(Decision decision)
    {
        var again = SnapshotDecisionEngine.Replay(decision)!;
        Assert.Equal(decision with { Numbers = [] }, again with { Numbers = [] });
        Assert.Equal(decision.Numbers, again.Numbers);
        return decision;
    }
}
