using Savepoint.Model;
using Savepoint.Policies;
using Xunit;

namespace Savepoint.Tests.Policies;

/// <summary>The first bad snapshot, searched for once a check has found a failure.</summary>
public sealed class FirstBadTests : IDisposable
{
    private static readonly CheckCommands Commands = new("cat errors; [ ! -s errors ]", "sh tests.sh", null);

    private readonly Workspace _workspace = new();

    public FirstBadTests() => _workspace.Options = _workspace.Options with { Policies = new PolicyOptions { Rollback = new RollbackPolicy().Suggesting(), Checkpoints = new CheckpointPolicy().Off() } };

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task The_first_snapshot_at_which_the_tests_fail_is_named_though_another_test_always_failed()
    {
        _workspace.Write("old-failure", "");
        await using var manager = await StartAsync();
        await EditAsync(manager, "readme", "one");
        var bad = await EditAsync(manager, "value", "9\n");
        await EditAsync(manager, "readme", "two");
        await EditAsync(manager, "other", "three");

        var (check, decision) = await CheckAsync(manager);
        Assert.Null(decision.Analysis!.FirstBad);
        var found = await manager.FindFirstBadAsync(check, decision);

        Assert.Equal(bad, found.Analysis!.FirstBad);
        Assert.Equal(bad, found.Analysis.Suspects[0].Snapshot);
        Assert.Equal(decision.Analysis.Suspects.Count, found.Analysis.Suspects.Count);
        Assert.EndsWith($"at snapshot 2 it does not fail yet; the first bad one is {bad} (claude), which changed value. 'savepoint revert {bad}' takes back that one alone.", found.Analysis.Text, StringComparison.Ordinal);
        Assert.Equal("three", _workspace.Read("other"));
        Assert.Equal(bad, manager.FindDecision(decision.Id)!.Analysis!.FirstBad);
        Assert.Empty(manager.Verify().Problems);
    }

    [Fact]
    public async Task After_a_rollback_it_says_how_the_other_work_comes_back()
    {
        await using var manager = await StartAsync();
        var bad = await EditAsync(manager, "value", "9\n");
        await EditAsync(manager, "readme", "work");
        var (check, decision) = await CheckAsync(manager, new PolicyOptions());
        Assert.Equal((DecisionOutcome.Done, false), (decision.Outcome, File.Exists(_workspace.At("readme"))));

        var found = await manager.FindFirstBadAsync(check, decision);

        Assert.EndsWith($"'savepoint undo' and then 'savepoint revert {bad}' give all the other work back without it.", found.Analysis!.Text, StringComparison.Ordinal);
        await manager.UndoAsync();
        await manager.RevertAsync(bad);
        Assert.Equal(("1\n", "work"), (_workspace.Read("value"), _workspace.Read("readme")));
    }

    [Fact]
    public async Task States_that_do_not_build_for_another_reason_are_named_as_well()
    {
        await using var manager = await StartAsync();
        var first = await EditAsync(manager, "errors", "main.c:1:1: error: something else\n");
        var second = await EditAsync(manager, "errors", "main.c:5:9: error: expected ';'\n");
        var (check, decision) = await CheckAsync(manager);

        var found = await manager.FindFirstBadAsync(check, decision);

        Assert.Null(found.Analysis!.FirstBad);
        Assert.Contains($"the first bad snapshot is {second} or one of {first}, of which nobody can tell", found.Analysis.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_build_error_that_moved_in_its_file_is_the_same()
    {
        await using var manager = await StartAsync();
        var bad = await EditAsync(manager, "errors", "main.c:1:1: error: expected ';'\n");
        await EditAsync(manager, "errors", "main.c:5:9: error: expected ';'\nb.c:1:1: error: one more\n");
        var (check, decision) = await CheckAsync(manager);

        Assert.Equal(bad, (await manager.FindFirstBadAsync(check, decision)).Analysis!.FirstBad);
    }

    [Fact]
    public async Task A_cause_that_no_snapshot_holds_is_said_to_lie_elsewhere()
    {
        _workspace.Write(".gitignore", "ignored\n");
        await using var manager = await StartAsync();
        await EditAsync(manager, "readme", "one");
        await EditAsync(manager, "other", "two");
        _workspace.Write("ignored", "");
        var (check, decision) = await CheckAsync(manager);

        var found = await manager.FindFirstBadAsync(check, decision);

        Assert.Null(found.Analysis!.FirstBad);
        Assert.Contains("in a copy of snapshot 1 this fails as well, so no snapshot is to blame", found.Analysis.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_check_that_found_nothing_is_left_as_it_is()
    {
        await using var manager = await StartAsync();
        await EditAsync(manager, "readme", "one");
        var (check, decision) = await CheckAsync(manager);

        Assert.Same(decision, await manager.FindFirstBadAsync(check, decision));
    }

    private static async Task<(CheckResult, Decision)> CheckAsync(SnapshotManager manager, PolicyOptions? policies = null)
    {
        var check = await manager.CheckAsync(Commands);
        return (check, await manager.DecideAsync(check, policies));
    }

    private async Task<SnapshotNumber> EditAsync(SnapshotManager manager, string path, string text)
    {
        _workspace.Write(path, text);
        return (await manager.CaptureAsync(context: new CaptureContext { Actor = new Actor("claude") })).Snapshot!.Number;
    }

    private async Task<SnapshotManager> StartAsync()
    {
        _workspace.Write("value", "1\n");
        _workspace.Write("errors", "");
        _workspace.Write("tests.sh", """
            failed=0
            check() { if [ "$2" = yes ]; then echo "ok - $1"; else echo "not ok - $1"; failed=1; fi; }
            echo 'TAP version 13'
            echo '1..3'
            check 'value' "$([ "$(cat value)" -lt 5 ] && echo yes)"
            check 'ignored' "$([ -e ignored ] || echo yes)"
            check 'old' "$([ -e old-failure ] || echo yes)"
            exit $failed
            """.ReplaceLineEndings("\n"));
        var manager = await _workspace.InitAsync();
        await CheckAsync(manager);
        return manager;
    }
}
