using System.Text;
using Savepoint.Model;
using Savepoint.Tests.Fidelity;
using Xunit;

namespace Savepoint.Tests;

/// <summary>What a session did, apart from others who worked on the same tree at the same time. Git is the witness.</summary>
public sealed class SessionTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task A_session_that_one_agent_hands_on_to_another_names_both()
    {
        await using var manager = await _workspace.InitAsync();
        foreach (var agent in (string[])["writer", "reviewer", "writer"])
        {
            _workspace.Write("a.txt", Guid.NewGuid().ToString());
            await manager.CaptureAsync(context: new CaptureContext { Actor = new Actor(agent, "shared") });
        }

        Assert.Equal(["reviewer", "writer"], Assert.Single(manager.Sessions()).Agents);
        var newest = Assert.Single(manager.NewestSessions(5));
        Assert.Equal(["reviewer", "writer"], newest.Agents);
        Assert.Equal("writer", newest.Agent);
    }

    [Fact]
    public async Task The_combined_diff_of_a_session_holds_its_own_work_and_nothing_of_others()
    {
        await using var manager = await StartAsync();
        await EditAsync(manager, "shared.txt", Numbered(("5", "mine 5")), "s1", "t1");
        await EditAsync(manager, "other.txt", "theirs\n", "s2", "t2");
        await EditAsync(manager, "own.txt", "first\n", "s1", "t1");
        await EditAsync(manager, "shared.txt", Numbered(("5", "mine 5"), ("20", "mine 20")), "s1", "t3");

        var session = manager.FindSession("s1")!;

        Assert.Equal(new SnapshotNumber(1), session.Before);
        Assert.Equal(["own.txt", "shared.txt"], session.Changes.Select(change => change.Path.ToString()));
        Assert.Empty(session.Interleaved);
        Assert.Equal(new SessionStatistics(2, 3, 2, 3, 2, 0, session.Statistics.Duration), session.Statistics);
        Assert.Equal((string[])["main"], session.Branches);

        // Git makes of the tree before the session the tree after it, but for what others did.
        Directory.CreateDirectory(Path.Combine(_workspace.Scratch, "witness"));
        File.WriteAllText(Path.Combine(_workspace.Scratch, "witness", "shared.txt"), Numbered());
        File.WriteAllBytes(Path.Combine(_workspace.Scratch, "patch"), session.CombinedDiff.ToBytes());
        Shell.Run(Path.Combine(_workspace.Scratch, "witness"), "git apply ../patch");
        Assert.Equal(_workspace.Read("shared.txt"), File.ReadAllText(Path.Combine(_workspace.Scratch, "witness", "shared.txt")));
        Assert.Equal("first\n", File.ReadAllText(Path.Combine(_workspace.Scratch, "witness", "own.txt")));
    }

    [Fact]
    public async Task Where_others_changed_a_path_in_between_its_part_is_in_pieces_and_says_so()
    {
        await using var manager = await StartAsync();
        await EditAsync(manager, "shared.txt", Numbered(("5", "mine 5")), "s1", "t1");
        await EditAsync(manager, "shared.txt", Numbered(("5", "mine 5"), ("12", "theirs 12")), "s2", "t2");
        await EditAsync(manager, "shared.txt", Numbered(("5", "mine 5"), ("12", "theirs 12"), ("20", "mine 20")), "s1", "t1");

        var session = manager.FindSession("s1")!;

        Assert.Equal(2, session.Changes.Count);
        var interleaved = Assert.Single(session.Interleaved);
        Assert.Equal("shared.txt", interleaved.Path.ToString());
        Assert.Equal([new SnapshotNumber(3)], interleaved.Others);
        var patch = Encoding.UTF8.GetString(session.CombinedDiff.ToBytes());
        Assert.Contains("+mine 5", patch, StringComparison.Ordinal);
        Assert.Contains("+mine 20", patch, StringComparison.Ordinal);
        Assert.DoesNotContain("theirs", patch, StringComparison.Ordinal);
        Assert.Equal((2, 2), (session.Statistics.AddedLineCount, session.Statistics.DeletedLineCount));
    }

    [Fact]
    public async Task An_undo_counts_for_the_session_whose_operation_it_took_back()
    {
        await using var manager = await StartAsync();
        await EditAsync(manager, "own.txt", "1\n", "s1", "t1");
        await EditAsync(manager, "other.txt", "2\n", "s2", "t2");
        await manager.UndoAsync(2);
        await manager.RedoAsync(2);
        await manager.UndoAsync();

        Assert.Equal(1, manager.FindSession("s1")!.Statistics.UndoCount);
        Assert.Equal(2, manager.FindSession("s2")!.Statistics.UndoCount);
    }

    [Fact]
    public async Task Sessions_are_counted_without_reading_what_they_did()
    {
        await using var manager = await StartAsync();
        await EditAsync(manager, "a.txt", "1\n", "s1", "t1");
        await EditAsync(manager, "a.txt", "2\n", "s1", "t2");
        await EditAsync(manager, "b.txt", "3\n", "s2", "t3");
        await EditAsync(manager, "a.txt", "4\n", "s1", "t2");

        Assert.Equal(
            [("s1", 2, 3, 5), ("s2", 1, 1, 4)],
            manager.Sessions().Select(session => (session.Session, (int)session.TurnCount, (int)session.SnapshotCount, (int)session.Newest.Value)));
    }

    [Fact]
    public async Task A_turn_is_a_part_of_its_session_and_an_unknown_one_is_none()
    {
        await using var manager = await StartAsync();
        await EditAsync(manager, "a.txt", "1\n", "s1", "t1");
        await EditAsync(manager, "a.txt", "2\n", "s1", "t2");

        Assert.Equal(new SnapshotNumber(2), manager.FindTurn("t2")!.Before);
        Assert.Equal(new SnapshotNumber(3), manager.FindTurn("t2")!.Newest.Number);
        Assert.Null(manager.FindTurn("t9"));
        Assert.Null(manager.FindSession(""));
    }

    [Fact]
    public async Task A_session_longer_than_a_page_of_history_is_whole()
    {
        await using var manager = await StartAsync();
        for (var i = 0; i < 201; i++)
        {
            await EditAsync(manager, "a.txt", $"{i}\n", "s1", $"{i % 7}");
        }

        var session = manager.FindSession("s1")!;

        Assert.Equal(201, session.Operations.Count);
        Assert.Equal((7, 201, 1, 1, 0), (session.Statistics.TurnCount, session.Statistics.OperationCount, session.Statistics.FileCount, session.Statistics.AddedLineCount, session.Statistics.DeletedLineCount));
    }

    private async Task<SnapshotManager> StartAsync()
    {
        _workspace.Write("shared.txt", Numbered());
        return await _workspace.InitAsync();
    }

    private async Task EditAsync(SnapshotManager manager, string path, string text, string session, string turn)
    {
        var edit = await manager.BeginEditAsync(Workspace.Paths(path), new CaptureContext { Actor = new Actor("agent", session, turn) });
        _workspace.Write(path, text);
        await edit.CommitAsync();
    }

    /// <summary>The lines 0 to 29, some of them replaced.</summary>
    private static string Numbered(params (string Line, string By)[] replaced) =>
        string.Concat(Enumerable.Range(0, 30).Select(i => $"{i}").Select(line => (replaced.FirstOrDefault(pair => pair.Line == line).By ?? line) + "\n"));
}
