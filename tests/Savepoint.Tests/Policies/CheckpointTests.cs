using System.Diagnostics.CodeAnalysis;
using Savepoint.Events;
using Savepoint.Model;
using Savepoint.Policies;
using Xunit;

namespace Savepoint.Tests.Policies;

/// <summary>What is recorded is judged: the state before a large change, or one of dependencies, gets a name.</summary>
[SuppressMessage("Reliability", "CA2000", Justification = "The workspace outlives each manager of a test.")]
public sealed class CheckpointTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public CheckpointTests() => _workspace.Options = _workspace.Options with { Policies = new PolicyOptions() };

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task The_state_before_many_files_change_is_named_for_the_session()
    {
        await using var manager = await InitAsync(100);
        WriteMany(20, "changed");

        var captured = await manager.CaptureAsync(context: new CaptureContext { Actor = new Actor(Session: "s1") });

        var label = Assert.Single(manager.Labels());
        Assert.Equal(("safety-1", new SnapshotNumber(1), Retention.Session, "s1"), (label.Name, label.Snapshot, label.Retention, label.Session));
        var decision = Assert.Single(manager.Decisions());
        Assert.Equal(("beforeMajorRefactor", "create-safety-checkpoint", DecisionOutcome.Done, "safety-1"), (decision.Rule, decision.Action, decision.Outcome, decision.Result));
        Assert.Equal(captured.Snapshot!.Number, decision.Snapshot);
        Assert.Equal(new DecisionNumber("files", 20, 20), decision.Numbers[0]);
    }

    [Theory]
    [InlineData(50, 5, true)]
    [InlineData(51, 5, false)]
    [InlineData(30, 4, false)]
    public async Task A_tenth_of_the_tree_is_large_from_five_files_on(int tree, int changed, bool isLarge)
    {
        await using var manager = await InitAsync(tree);
        WriteMany(changed, "changed");

        await manager.CaptureAsync();

        Assert.Equal(isLarge ? 1 : 0, manager.Labels().Count);
    }

    [Fact]
    public async Task Files_that_move_count_once_each()
    {
        await using var manager = await InitAsync(40);
        Directory.Move(_workspace.At("src"), _workspace.At("lib"));

        await manager.CaptureAsync();

        Assert.Equal([new DecisionNumber("files", 40, 20), new DecisionNumber("moves", 40)], Assert.Single(manager.Decisions()).Numbers);
    }

    [Fact]
    public async Task The_state_before_dependencies_change_is_named_once_until_it_is_released()
    {
        _workspace.Write("package.json", "{}");
        await using var manager = await InitAsync(10);
        _workspace.Write("package.json", "{\"dependencies\":{}}");
        await manager.CaptureAsync(Workspace.Paths("package.json"));
        _workspace.Write("yarn.lock", "a");
        await manager.CaptureAsync();

        var label = Assert.Single(manager.Labels());
        Assert.Equal(("dependencies-1", new SnapshotNumber(1), Retention.UntilVerification), (label.Name, label.Snapshot, label.Retention));
        await manager.RollbackAsync(label.Snapshot);
        Assert.Equal("{}", _workspace.Read("package.json"));

        manager.RemoveLabel(label.Name);
        _workspace.Write("go.mod", "module a");
        await manager.CaptureAsync();
        Assert.Single(manager.Labels());
    }

    [Fact]
    public async Task An_announced_edit_is_judged_as_well()
    {
        await using var manager = await InitAsync(10);
        var edit = await manager.BeginEditAsync(Workspace.Paths("Cargo.toml"));
        _workspace.Write("Cargo.toml", "[package]");

        await edit.CommitAsync();

        Assert.Equal("beforeDependencyUpdate", Assert.Single(manager.Decisions()).Rule);
    }

    [Fact]
    public async Task A_rollback_is_no_large_change_however_much_it_changes()
    {
        await using var manager = await InitAsync(100);
        WriteMany(20, "changed");
        await manager.CaptureAsync();

        await manager.RollbackAsync(new SnapshotNumber(1));

        Assert.Single(manager.Labels());
    }

    [Fact]
    public async Task A_suggestion_names_nothing()
    {
        _workspace.Options = _workspace.Options with { Policies = new PolicyOptions { Checkpoints = new CheckpointPolicy { BeforeMajorRefactor = PolicyMode.Suggest, BeforeDependencyUpdate = PolicyMode.Off } } };
        await using var manager = await InitAsync(100);
        WriteMany(30, "changed");
        _workspace.Write("pom.xml", "<project/>");

        await manager.CaptureAsync();

        Assert.Empty(manager.Labels());
        Assert.Equal(DecisionOutcome.Suggested, Assert.Single(manager.Decisions()).Outcome);
    }

    [Fact]
    public async Task Without_policies_nothing_is_decided()
    {
        _workspace.Options = _workspace.Options with { Policies = null };
        await using var manager = await InitAsync(100);
        WriteMany(30, "changed");

        await manager.CaptureAsync();

        Assert.Empty(manager.Labels());
        Assert.Empty(manager.Decisions());
        Assert.Empty(await manager.MeasureQualityAsync());
    }

    [Fact]
    public async Task A_decision_is_an_event_and_is_found_by_another_process()
    {
        await using var manager = await InitAsync(100);
        WriteMany(25, "changed");
        await manager.CaptureAsync();

        await using var other = await _workspace.OpenAsync();
        var happened = Assert.Single(await other.EventsAsync().OfType<DecisionEvent>().ToListAsync());
        Assert.Equal(("policy:decision", 1L, "beforeMajorRefactor", PolicyMode.Act, new SnapshotNumber(1)), (happened.Name, happened.Decision, happened.Rule, happened.Mode, happened.Target));
        Assert.Equal(other.FindDecision(1)!.Reason, happened.Reason);
        Assert.Empty(other.Verify().Problems);
    }

    [Fact]
    public async Task Functions_that_grow_past_the_threshold_are_said_once()
    {
        _workspace.Write("a.py", "def f(x):\n  return x\n");
        await using var manager = await InitAsync(10);
        _workspace.Write("a.py", "def f(x):\n" + string.Concat(Enumerable.Repeat("  if x: x += 1\n", 11)) + "  return x\n");
        await manager.CaptureAsync();

        var decisions = await manager.MeasureQualityAsync();

        Assert.Equal(["onQualityDegradation", "onComplexityThreshold"], decisions.Select(decision => decision.Rule));
        Assert.All(decisions, decision => Assert.Contains("a.py:1 f (complexity 1 → 12", decision.Reason, StringComparison.Ordinal));
        Assert.Equal((Retention.User, DecisionOutcome.Suggested, PolicyMode.Suggest), (decisions[1].Retention, decisions[1].Outcome, decisions[1].Mode));
        Assert.Empty(await manager.MeasureQualityAsync());
        Assert.Empty(manager.Labels());
    }

    [Fact]
    public async Task A_damaged_decision_is_found_and_costs_nothing_else()
    {
        await using var manager = await InitAsync(100);
        WriteMany(25, "changed");
        await manager.CaptureAsync();
        Storage.Sql.Execute(Path.Combine(manager.StoreDirectory, "store.db"), "UPDATE decisions SET reason = 'otherwise'");

        Assert.Equal(["decision 1 does not match its hash"], manager.Verify().Problems);
    }

    private async Task<SnapshotManager> InitAsync(int files)
    {
        WriteMany(files, "original");
        return await _workspace.InitAsync();
    }

    private void WriteMany(int count, string text)
    {
        for (var i = 0; i < count; i++)
        {
            _workspace.Write($"src/file{i}.txt", $"{text} {i}");
        }
    }
}
