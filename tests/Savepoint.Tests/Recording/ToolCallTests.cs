using Savepoint.Model;
using Savepoint.Tests.Maintenance;
using Savepoint.Tests.Storage;
using Xunit;

namespace Savepoint.Tests.Recording;

/// <summary>Tool calls whose beginning and end are told by two processes.</summary>
public sealed class ToolCallTests : IAsyncLifetime
{
    private readonly Workspace _workspace = new();
    private SnapshotManager _manager = null!;

    public async ValueTask InitializeAsync()
    {
        _workspace.Write("a.txt", "a\n");
        _workspace.Write("b.txt", "b\n");
        _manager = await _workspace.InitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _manager.DisposeAsync();
        _workspace.Dispose();
    }

    [Fact]
    public async Task An_edits_snapshot_holds_the_edit_alone_and_what_was_there_before_is_nobodys()
    {
        _workspace.Write("a.txt", "by hand\n");
        var before = await _manager.BeginCallAsync(Call("1", "Edit"), [WorkspacePath.Parse("a.txt")]);
        _workspace.Write("a.txt", "by the agent\n");
        _workspace.Write("b.txt", "by hand\n");
        var done = await (await ReopenAsync()).EndCallAsync(Call("1", "Edit"), [WorkspacePath.Parse("a.txt")]);

        Assert.Equal((SnapshotKind.Drift, Actor.Unknown), (Assert.Single(before).Kind, before[0].Actor));
        var edit = Assert.Single(done);
        Assert.Equal(("1", "s", "Edit"), (edit.Actor.ToolCall, edit.Actor.Session, edit.Tool));
        Assert.Equal("a.txt", Assert.Single(edit.Changes).Path.ToString());
    }

    [Theory]
    [InlineData("a.txt")]
    [InlineData("never-recorded.txt")]
    public async Task What_an_edit_is_about_to_overwrite_is_recorded_whatever_its_size(string path)
    {
        _workspace.Options = _workspace.Options with { MaxFileBytes = 100 };
        await ReopenAsync();
        var large = new string('x', 1000);
        _workspace.Write(path, large);
        await _manager.BeginCallAsync(Call("1", "Write"), [WorkspacePath.Parse(path)]);
        _workspace.Write(path, "by the agent\n");
        await _manager.EndCallAsync(Call("1", "Write"), [WorkspacePath.Parse(path)]);

        await _manager.UndoAsync();

        Assert.Equal(large, _workspace.Read(path));
    }

    [Fact]
    public async Task A_shells_snapshot_holds_all_that_it_did_with_its_exit_code()
    {
        await _manager.BeginCallAsync(Call("1", "Bash"), paths: null);
        _workspace.Write("a.txt", "changed\n");
        _workspace.Write("new/c.txt", "c\n");
        var done = await _manager.EndCallAsync(Call("1", "Bash"), paths: null, new CallOutcome(1, TimeSpan.FromSeconds(2)));

        var shell = Assert.Single(done);
        Assert.Equal((1, TimeSpan.FromSeconds(2)), (shell.ExitCode, shell.Duration));
        Assert.Equal(["a.txt", "new", "new/c.txt"], shell.Changes.Select(change => change.Path.ToString()));
    }

    [Fact]
    public async Task A_call_that_changes_nothing_leaves_nothing()
    {
        await _manager.BeginCallAsync(Call("1", "Bash"), paths: null);
        Assert.Empty(await _manager.EndCallAsync(Call("1", "Bash"), paths: null, new CallOutcome(0)));
        Assert.Equal(new SnapshotNumber(1), _manager.Head);
    }

    [Fact]
    public async Task A_call_whose_end_never_comes_has_its_doing_recorded_by_the_next_event()
    {
        await _manager.BeginCallAsync(Call("1", "Bash"), paths: null);
        _workspace.Write("a.txt", "half\n");
        var found = await _manager.CatchUpAsync("s");
        _workspace.Write("b.txt", "later\n");
        var later = await _manager.CatchUpAsync("s");

        Assert.Equal("1", Assert.Single(found).Actor.ToolCall);
        Assert.Equal((SnapshotKind.Drift, Actor.Unknown), (Assert.Single(later).Kind, later[0].Actor));
    }

    [Fact]
    public async Task A_background_command_has_what_happens_beside_it_until_it_ends()
    {
        await _manager.BeginCallAsync(Call("1", "Bash"), paths: null);
        await _manager.EndCallAsync(Call("1", "Bash"), paths: null, new CallOutcome(IsInBackground: true));
        await _manager.BeginCallAsync(Call("2", "Bash"), paths: null);
        _workspace.Write("a.txt", "the second's\n");
        var second = await _manager.EndCallAsync(Call("2", "Bash"), paths: null);
        _workspace.Write("b.txt", "the first's\n");
        var turnEnd = await _manager.CatchUpAsync("s");
        _workspace.Write("b.txt", "the first's, too\n");
        var end = await _manager.EndCallAsync(Call("1", "Bash"), paths: null);
        _workspace.Write("b.txt", "nobody's\n");
        var after = await _manager.CatchUpAsync("s", isOver: true);

        Assert.Equal(["2", "1", "1", null], second.Concat(turnEnd).Concat(end).Concat(after).Select(snapshot => snapshot.Actor.ToolCall));
    }

    [Fact]
    public async Task Calls_without_an_id_are_paired_in_their_order()
    {
        var call = Call(null, "replace");
        await _manager.BeginCallAsync(call, [WorkspacePath.Parse("a.txt")]);
        await _manager.BeginCallAsync(call, [WorkspacePath.Parse("b.txt")]);
        _workspace.Write("a.txt", "1\n");
        _workspace.Write("b.txt", "2\n");

        var first = await _manager.EndCallAsync(call, [WorkspacePath.Parse("a.txt")]);
        var second = await _manager.EndCallAsync(call, [WorkspacePath.Parse("b.txt")]);

        Assert.Equal(["a.txt", "b.txt"], first.Concat(second).SelectMany(snapshot => snapshot.Changes).Select(change => change.Path.ToString()));
    }

    [Fact]
    public void A_turn_without_a_name_gets_one_of_its_session()
    {
        var actor = new Actor("gemini", "0123456789");

        Assert.Equal(["01234567-1", "01234567-2"], new[] { _manager.BeginTurn(actor, "one"), _manager.BeginTurn(actor, "two") }.Select(turn => turn.Id));
        Assert.Equal("two", _manager.CurrentTurn("0123456789")?.Prompt);
        Assert.Equal("named", _manager.BeginTurn(actor with { Turn = "named" }, null).Id);
        Assert.Equal("named", _manager.BeginTurn(actor with { Turn = "named" }, "again").Id);
        Assert.Null(_manager.CurrentTurn("0123456789")?.Prompt); // told of twice, it is one turn
        Assert.Null(_manager.CurrentTurn("another"));
    }

    /// <summary>A client that is set up for its user and for the project starts two processes for each event, at once.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)] // it is announced twice, and ended twice
    public async Task A_call_that_two_processes_announce_at_once_is_over_when_both_have_told_of_its_end(bool hasId)
    {
        await using var other = await _workspace.OpenAsync();
        SnapshotManager[] both = [_manager, other];
        for (var i = 0; i < 20; i++)
        {
            var call = Call(hasId ? $"{i}" : null, "Bash");
            await Task.WhenAll(both.Select(manager => Task.Run(() => manager.BeginCallAsync(call, paths: null))));
            Assert.Equal(hasId ? 1 : 2, _manager.AnnouncedCalls().Count);
            _workspace.Write("made", $"{i}");
            var ended = await Task.WhenAll(both.Select(manager => Task.Run(() => manager.EndCallAsync(call, paths: null, new CallOutcome(0)))));
            Assert.Single(ended.SelectMany(recorded => recorded));
            Assert.Empty(_manager.AnnouncedCalls());
        }
    }

    [Fact]
    public async Task An_end_that_is_told_again_records_nothing_until_the_same_id_begins_anew()
    {
        foreach (var name in (string[])["one", "two"])
        {
            await _manager.BeginCallAsync(Call("1", "Bash"), paths: null);
            _workspace.Write(name, "the agent's\n");
            Assert.Equal("1", Assert.Single(await _manager.EndCallAsync(Call("1", "Bash"), paths: null)).Actor.ToolCall);
            _workspace.Write("by-hand", name);
            Assert.Empty(await _manager.EndCallAsync(Call("1", "Bash"), paths: null));
            Assert.Null(Assert.Single(await _manager.CatchUpAsync()).Actor.ToolCall);
        }
    }

    [Fact]
    public async Task What_is_kept_of_calls_that_are_over_goes()
    {
        var clock = new ManualClock();
        _workspace.Options = _workspace.Options with { Time = clock };
        await ReopenAsync();
        await _manager.BeginCallAsync(Call("1", "Bash"), paths: null);
        await _manager.EndCallAsync(Call("1", "Bash"), paths: null);
        await _manager.BeginCallAsync(Call("2", "Bash"), paths: null);
        await _manager.CatchUpAsync("s");
        Assert.Equal(2, Rows());

        clock.Advance(TimeSpan.FromMinutes(2));
        await _manager.BeginCallAsync(Call("3", "Bash"), paths: null);
        Assert.Equal(2, Rows()); // the second may still end, the third is under way
        clock.Advance(TimeSpan.FromDays(2));
        await _manager.BeginCallAsync(Call("4", "Bash"), paths: null);
        Assert.Equal(1, Rows());

        long Rows() => Sql.Scalar(Path.Combine(_manager.StoreDirectory, "store.db"), "SELECT count(*) FROM spans");
    }

    [Fact]
    public async Task A_call_whose_turn_was_over_is_not_taken_up_by_another_of_the_same_id()
    {
        var clock = new ManualClock();
        _workspace.Options = _workspace.Options with { Time = clock };
        await ReopenAsync();
        await _manager.BeginCallAsync(Call("call_0", "Bash"), paths: null);
        await _manager.CatchUpAsync("s");
        var later = Call("call_0", "Bash") with { Actor = new Actor("agent", "s", "later", "call_0") };
        await _manager.BeginCallAsync(later, paths: null);
        await _manager.EndCallAsync(later, paths: null);
        clock.Advance(TimeSpan.FromMinutes(2));
        await _manager.BeginCallAsync(Call("call_1", "Edit"), [WorkspacePath.Parse("b.txt")]);
        _workspace.Write("a.txt", "a third's, whose beginning nobody told of\n");

        Assert.Equal("later", Assert.Single(await _manager.EndCallAsync(later, paths: null)).Actor.Turn);
    }

    [Fact]
    public async Task What_a_sub_agent_does_beside_its_agent_is_its_own_until_it_has_ended()
    {
        var subagent = Call("1", "Bash") with { Actor = new Actor("agent/sub:1", "s", "t", "1") };
        await _manager.BeginCallAsync(subagent, paths: null);
        await _manager.BeginCallAsync(Call("2", "Bash"), paths: null);
        await _manager.CatchUpAsync("s", agent: "agent");
        _workspace.Write("a.txt", "the sub-agent's\n");
        var beside = await _manager.CatchUpAsync("s", agent: "agent");
        _workspace.Write("a.txt", "the sub-agent's, too\n");
        var last = await _manager.EndAgentAsync(subagent.Actor);
        _workspace.Write("a.txt", "nobody's\n");
        var after = await _manager.CatchUpAsync("s");

        Assert.Equal(["1", "1", null], beside.Concat(last).Concat(after).Select(snapshot => snapshot.Actor.ToolCall));
    }

    private async Task<SnapshotManager> ReopenAsync()
    {
        await _manager.DisposeAsync();
        return _manager = await _workspace.OpenAsync();
    }

    private static CaptureContext Call(string? id, string tool) => new() { Actor = new Actor("agent", "s", "t", id), Tool = tool };
}
