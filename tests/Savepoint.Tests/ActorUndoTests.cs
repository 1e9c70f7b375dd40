using CsCheck;
using Savepoint.Model;
using Xunit;

namespace Savepoint.Tests;

/// <summary>Undo of one actor's operations among those of others.</summary>
public sealed class ActorUndoTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task Each_undo_goes_one_operation_further_back_and_leaves_those_of_others()
    {
        await using var manager = await StartAsync(_workspace, 3);
        await EditAsync(manager, _workspace, 0, "1");
        await EditAsync(manager, _workspace, 1, "1");
        await EditAsync(manager, _workspace, 0, "2");
        await EditAsync(manager, _workspace, 1, "2");

        Assert.Equal("1 2 -", await UndoneAsync(manager, new Actor(Session: "session-0")));
        Assert.Equal("- 2 -", await UndoneAsync(manager, new Actor(Agent: "agent-0")));
        Assert.Equal(RestoreEnding.NothingToDo, (await manager.UndoAsync(new Actor(Session: "session-0"))).Ending);
        Assert.Equal(RestoreEnding.NothingToDo, (await manager.UndoAsync(new Actor(Session: "unknown"))).Ending);
        Assert.Equal("- 1 -", await UndoneAsync(manager, new Actor(Turn: "turn-1-2")));
        Assert.Equal(RestoreEnding.NothingToDo, (await manager.UndoAsync(new Actor(Turn: "turn-1-2"))).Ending);
    }

    [Fact]
    public async Task Redo_brings_back_what_was_undone_last_and_a_plain_undo_does_too()
    {
        await using var manager = await StartAsync(_workspace, 2);
        await EditAsync(manager, _workspace, 0, "1");
        await EditAsync(manager, _workspace, 0, "2");
        await EditAsync(manager, _workspace, 1, "1");
        var whose = new Actor("agent-0");
        Assert.Equal("- 1", await UndoneAsync(manager, whose, 2));

        await manager.RedoAsync();
        Assert.Equal("1 1", Standing());
        await manager.RedoAsync();
        Assert.Equal("2 1", Standing());
        Assert.Equal(RestoreEnding.NothingToDo, (await manager.RedoAsync()).Ending);

        Assert.Equal("1 1", await UndoneAsync(manager, whose));
        await manager.UndoAsync();
        Assert.Equal("2 1", Standing());
        await manager.RedoAsync();
        Assert.Equal("1 1", Standing());
        await EditAsync(manager, _workspace, 1, "2");
        Assert.Equal(RestoreEnding.NothingToDo, (await manager.RedoAsync()).Ending);
        Assert.Equal("- 2", await UndoneAsync(manager, whose));
    }

    [Fact]
    public async Task A_step_that_throws_after_files_were_moved_undoes_those_before_it()
    {
        static string Lines(string first, string last) => $"{first}\n{string.Concat(Enumerable.Range(0, 20).Select(i => $"line {i}\n"))}{last}\n";
        _workspace.Write("merged", Lines("recorded first", "end"));
        _workspace.Write("plain", "1\n");
        await using (var manager = await _workspace.InitAsync())
        {
            var (mine, theirs) = (new CaptureContext { Actor = new Actor("me") }, new CaptureContext { Actor = new Actor("other") });
            foreach (var (text, context) in new[] { (Lines("mine", "end"), mine), (Lines("mine", "theirs"), theirs) })
            {
                _workspace.Write("merged", text);
                await manager.CaptureAsync(null, context);
            }

            File.Move(_workspace.At("plain"), _workspace.At("moved"));
            await manager.CaptureAsync(null, mine);

            Storage.Sql.Execute(Path.Combine(manager.StoreDirectory, "store.db"), "UPDATE contents SET data = x'00' WHERE size > 100");
        }

        await using var damaged = await _workspace.OpenAsync();
        await Assert.ThrowsAsync<SavepointException>(() => damaged.UndoAsync(new Actor("me"), 2));

        Assert.Equal("1\n", _workspace.Read("moved"));
        Assert.Equal(SnapshotKind.Undo, damaged.GetSnapshot(damaged.Head!.Value).Kind);
    }

    [Fact]
    public async Task What_a_revert_took_back_is_passed_until_that_is_reverted()
    {
        await using var manager = await StartAsync(_workspace, 2);
        await EditAsync(manager, _workspace, 0, "1");
        var second = await EditAsync(manager, _workspace, 1, "1");
        var revert = (await manager.RevertAsync(second)).Snapshot!.Value;

        Assert.Equal(RestoreEnding.NothingToDo, (await manager.UndoAsync(new Actor("agent-1"))).Ending);
        await manager.RevertAsync(revert);
        Assert.Equal("1 1", Standing());
        Assert.Equal("1 -", await UndoneAsync(manager, new Actor("agent-1")));
    }

    [Fact]
    public async Task Where_one_of_several_steps_conflicts_none_is_taken_and_nothing_is_recorded()
    {
        await using var manager = await StartAsync(_workspace, 2);
        await EditAsync(manager, _workspace, 0, "1");
        await EditAsync(manager, _workspace, 1, "by another", place: 0);
        _workspace.Write("other", "x");
        var head = (await manager.CaptureAsync(Workspace.Paths("other"), new CaptureContext { Actor = new Actor("agent-0") })).Snapshot!.Number;

        var result = await manager.UndoAsync(new Actor("agent-0"), 2);

        Assert.Equal((RestoreEnding.Conflicted, null, "x", head), (result.Ending, result.Snapshot, _workspace.Read("other"), manager.Head));
        Assert.Equal("by another -", Standing());
        Assert.NotEmpty(result.Conflicts);
    }

    [Fact]
    public async Task Nobody_is_no_actor()
    {
        await using var manager = await StartAsync(_workspace, 1);

        await Assert.ThrowsAsync<ArgumentException>(() => manager.UndoAsync(new Actor(ToolCall: "call")));
    }

    [Fact]
    public async Task What_a_rollback_took_back_is_passed()
    {
        await using var manager = await StartAsync(_workspace, 2);
        await EditAsync(manager, _workspace, 0, "1");
        var kept = manager.Head!.Value;
        await EditAsync(manager, _workspace, 1, "2");
        await EditAsync(manager, _workspace, 1, "3");
        await manager.RollbackAsync(kept);

        Assert.Equal(RestoreEnding.NothingToDo, (await manager.UndoAsync(new Actor("agent-1"))).Ending);
        Assert.Equal("- -", await UndoneAsync(manager, new Actor("agent-0")));
    }

    /// <summary>Whatever the order, one's undo takes back one's own last change and nothing else, and a rollback whatever came since: held against a stack for each.</summary>
    [Fact]
    public Task Any_interleaving_gives_what_a_stack_for_each_would_have() =>
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 6]).Array[1, 25].SampleAsync(
            async steps =>
            {
                using var workspace = new Workspace();
                await using var manager = await StartAsync(workspace, 3);
                var stacks = Enumerable.Range(0, 3).Select(_ => new Stack<string>(["-"])).ToArray();
                var states = new List<(SnapshotNumber Number, string[][] Stacks)>();
                foreach (var (whose, kind) in steps)
                {
                    if (kind < 4)
                    {
                        stacks[whose].Push($"{manager.Head}");
                        await EditAsync(manager, workspace, whose, stacks[whose].Peek());
                    }
                    else if (kind == 6 && states.Count > 0)
                    {
                        var (number, then) = states[states.Count * whose / 3];
                        await manager.RollbackAsync(number);
                        stacks = [.. then.Select(stack => new Stack<string>(stack.Reverse()))];
                    }
                    else
                    {
                        var isThere = stacks[whose].Count > 1;
                        Assert.Equal(isThere ? RestoreEnding.Restored : RestoreEnding.NothingToDo, (await manager.UndoAsync(new Actor($"agent-{whose}"))).Ending);
                        _ = isThere && stacks[whose].TryPop(out _);
                    }

                    states.Add((manager.Head!.Value, [.. stacks.Select(stack => stack.ToArray())]));
                    Assert.Equal(string.Join(' ', stacks.Select(stack => stack.Peek())), Standing(workspace));
                }
            },
            iter: 60, threads: 2);

    private static async Task<SnapshotManager> StartAsync(Workspace workspace, int actors)
    {
        workspace.Write("shared", string.Concat(Enumerable.Range(0, actors).Select(i => $"-\nfixed {i}\n")));
        return await workspace.InitAsync();
    }

    /// <summary>Each actor has a line of the shared file, with one between that nobody changes, and that is like no other: where lines repeat, which of two was changed is a guess.</summary>
    private static async Task<SnapshotNumber> EditAsync(SnapshotManager manager, Workspace workspace, int whose, string text, int? place = null)
    {
        var edit = await manager.BeginEditAsync(Workspace.Paths("shared"), new CaptureContext { Actor = new Actor($"agent-{whose}", $"session-{whose}", $"turn-{whose}-{text}") });
        var lines = workspace.Read("shared").Split('\n');
        lines[(place ?? whose) * 2] = text;
        workspace.Write("shared", string.Join('\n', lines));
        return (await edit.CommitAsync()).Snapshot!.Number;
    }

    private async Task<string> UndoneAsync(SnapshotManager manager, Actor whose, int steps = 1)
    {
        Assert.Equal(RestoreEnding.Restored, (await manager.UndoAsync(whose, steps)).Ending);
        return Standing();
    }

    private string Standing() => Standing(_workspace);

    private static string Standing(Workspace workspace) => string.Join(' ', workspace.Read("shared").Split('\n').Where((_, i) => i % 2 == 0).Where(line => line.Length > 0));
}
