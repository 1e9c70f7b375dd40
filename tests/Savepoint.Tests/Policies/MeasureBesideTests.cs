using Savepoint.Model;
using Savepoint.Policies;
using Xunit;

namespace Savepoint.Tests.Policies;

/// <summary>
/// A drop is measured beside the state that it is a drop from. The benchmark here takes what the project costs, times what the machine takes for it,
/// which stands outside.
/// </summary>
public sealed class MeasureBesideTests : IDisposable
{
    private readonly Workspace _workspace = new();
    private readonly string _outside = Directory.CreateTempSubdirectory("savepoint-machine-").FullName;

    public MeasureBesideTests() => _workspace.Options = _workspace.Options with { Policies = new PolicyOptions { Checkpoints = new CheckpointPolicy().Off() } };

    private CheckCommands Commands => new("test -e bench.sh", null, $"sh bench.sh '{_outside}'");

    public void Dispose()
    {
        _workspace.Dispose();
        Directory.Delete(_outside, recursive: true);
    }

    [Fact]
    public async Task A_machine_that_became_slower_trips_nothing()
    {
        await using var manager = await StartAsync();
        Machine(133);
        var decision = await EditAndCheckAsync(manager, "readme", "a remark");

        Assert.Equal("none", decision.Rule);
        Assert.Contains("\"isBeside\":true", decision.Signals, StringComparison.Ordinal);
        Assert.Equal("a remark", _workspace.Read("readme"));
    }

    [Fact]
    public async Task A_drop_on_a_machine_that_became_slower_is_rolled_back()
    {
        await using var manager = await StartAsync();
        Machine(133);
        var decision = await EditAndCheckAsync(manager, "cost", "160\n");

        Assert.Equal(("onPerformanceDrop", DecisionOutcome.Done, new SnapshotNumber(1)), (decision.Rule, decision.Outcome, decision.Target));
        Assert.InRange(decision.Numbers[0].Value, 0.59, 0.61);
        Assert.Equal("100\n", _workspace.Read("cost"));
        Assert.Empty(manager.Verify().Problems);
        Assert.Equal("main", Assert.Single(manager.Branches()).Name);
    }

    // Issue 8: versions of express became slower by 18 % in all, none by more than it may; then a remark was measured a little too high.
    [Fact]
    public async Task A_remark_after_versions_that_became_slower_is_let_be_and_a_drop_goes_back_no_farther_than_before_it()
    {
        await using var manager = await StartAsync();
        Assert.Equal("none", (await EditAndCheckAsync(manager, "cost", "108\n")).Rule);
        Assert.Equal("none", (await EditAndCheckAsync(manager, "cost", "118\n")).Rule);
        Machine(106);
        Assert.Equal("none", (await EditAndCheckAsync(manager, "readme", "a remark")).Rule);
        Machine(100);

        var decision = await EditAndCheckAsync(manager, "cost", "160\n");

        Assert.Equal(("onPerformanceDrop", DecisionOutcome.Done), (decision.Rule, decision.Outcome));
        Assert.Equal(("118\n", "a remark"), (_workspace.Read("cost"), _workspace.Read("readme")));
    }

    [Fact]
    public async Task Slowness_that_creeps_trips_at_the_step_that_passes_the_threshold()
    {
        await using var manager = await StartAsync();
        Assert.Equal("none", (await EditAndCheckAsync(manager, "cost", "115\n")).Rule);

        var decision = await EditAndCheckAsync(manager, "cost", "132\n");

        Assert.Equal(("onPerformanceDrop", DecisionOutcome.Done), (decision.Rule, decision.Outcome));
        Assert.Equal("115\n", _workspace.Read("cost"));
    }

    [Fact]
    public async Task What_follows_a_drop_that_was_only_suggested_is_compared_with_the_state_before_it()
    {
        _workspace.Options = _workspace.Options with { Policies = new PolicyOptions { Rollback = new RollbackPolicy().Suggesting() } };
        await using var manager = await StartAsync();
        await EditAndCheckAsync(manager, "cost", "160\n");

        var next = await EditAndCheckAsync(manager, "readme", "a remark");
        var mended = await EditAndCheckAsync(manager, "cost", "101\n");

        Assert.Equal(("onPerformanceDrop", DecisionOutcome.Suggested, new SnapshotNumber(1)), (next.Rule, next.Outcome, next.Target));
        Assert.Equal("none", mended.Rule);
    }

    [Fact]
    public async Task Both_states_run_in_turn_in_copies_and_nothing_of_it_is_recorded()
    {
        await using var manager = await StartAsync();
        _workspace.Write("cost", "200\n");
        var snapshot = (await manager.CaptureAsync()).Snapshot!.Number;
        var check = await manager.CheckAsync(Commands);
        File.Delete(Log);

        var measured = await manager.MeasureAgainAsync(check, _workspace.Options.Policies!);

        Assert.Equal(["100", "200", "100", "200", "100", "200"], File.ReadAllLines(Log).Select(line => line.Split(' ')[0]));
        Assert.DoesNotContain(File.ReadAllLines(Log), line => line.Split(' ')[1] == _workspace.Root);
        Assert.Equal((new SnapshotNumber(1), 200, 100), (measured.Beside!.Before, measured.Beside.Figures[0].Value, measured.Beside.BeforeFigures[0].Value));
        Assert.Equal((snapshot, 1), (manager.Head!.Value, manager.Verifications(snapshot).Count));
    }

    [Fact]
    public async Task Where_the_earlier_state_cannot_be_measured_a_drop_is_only_suggested()
    {
        await using var manager = await StartAsync();
        _workspace.Write("cost", "200\n");
        await manager.CaptureAsync();
        var check = await manager.CheckAsync(Commands);
        File.Delete(Path.Combine(_outside, "machine"));

        var decision = await manager.DecideAsync(await manager.MeasureAgainAsync(check, _workspace.Options.Policies!));

        Assert.Equal(("onPerformanceDrop", DecisionOutcome.Suggested), (decision.Rule, decision.Outcome));
    }

    private string Log => Path.Combine(_outside, "log");

    private void Machine(int percent) => File.WriteAllText(Path.Combine(_outside, "machine"), $"{percent}\n");

    private async Task<Decision> EditAndCheckAsync(SnapshotManager manager, string path, string text)
    {
        _workspace.Write(path, text);
        await manager.CaptureAsync();
        return await manager.DecideAsync(await manager.MeasureAgainAsync(await manager.CheckAsync(Commands), _workspace.Options.Policies!));
    }

    private async Task<SnapshotManager> StartAsync()
    {
        Machine(100);
        _workspace.Write("cost", "100\n");
        _workspace.Write("bench.sh", """
            read -r cost <cost
            read -r machine <"$1/machine" || exit 1
            echo "$cost $PWD" >>"$1/log"
            for noise in 98 101 100 103 97; do echo "loop $((cost * machine * noise / 10000)) ms"; done
            """.ReplaceLineEndings("\n"));
        var manager = await _workspace.InitAsync();
        await manager.DecideAsync(await manager.CheckAsync(Commands));
        return manager;
    }
}
