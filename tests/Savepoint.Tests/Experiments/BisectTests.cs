using Savepoint.Model;
using Xunit;

namespace Savepoint.Tests.Experiments;

/// <summary>Bisecting a recorded history with a real command.</summary>
public sealed class BisectTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task The_snapshot_that_broke_it_is_named_with_who_did_it()
    {
        await using var workspace = await HistoryAsync(count: 40, brokenAt: 27);
        var before = workspace.Head;

        var result = await workspace.BisectAsync(new SnapshotNumber(1), null, "! grep -q broken code.txt");

        Assert.Equal((BisectEnding.Found, 28L, 27L), (result.Ending, result.Bad.Value, result.Good.Value));
        Assert.Equal(("agent", "session", "turn-27"), (result.Culprit.Actor.Agent, result.Culprit.Actor.Session, result.Culprit.Actor.Turn));
        Assert.InRange(result.Runs.Count, 2, 9); // ⌈log₂ 40⌉ + 3
        Assert.False(result.IsFlaky);
        Assert.Equal(before, workspace.Head);
        Assert.Equal(["main"], workspace.Branches().Select(branch => branch.Name));
        Assert.Equal("40\nbroken\n", _workspace.Read("code.txt"));
    }

    [Fact]
    public async Task The_copy_is_each_state_exactly_whatever_the_command_leaves()
    {
        await using var workspace = await HistoryAsync(count: 12, brokenAt: 5);
        var log = Path.Combine(_workspace.Scratch, "log");

        // It changes what is recorded, adds what is not, and caches where it is ignored.
        var result = await workspace.BisectAsync(
            new SnapshotNumber(1), null, $"echo $(cat code.txt) $(ls | tr '\\n' ' ') $(cat out/cache 2>/dev/null) >> {log}; grep -q broken code.txt; s=$?; echo dirt >> code.txt; touch left; rm -f kept.txt; echo cached > out/cache; test $s -ne 0");

        Assert.Equal(6, result.Bad.Value);
        var lines = await File.ReadAllLinesAsync(log, CancellationToken.None);
        Assert.All(lines, (line, i) => Assert.Matches($"^\\d+ (broken )?code.txt kept.txt out{(i == 0 ? "" : " cached")}$", line));
        Assert.Equal(lines.Length, result.Runs.Count);
    }

    [Fact]
    public async Task A_state_that_cannot_be_told_is_left_out()
    {
        await using var workspace = await HistoryAsync(count: 20, brokenAt: 12);

        var result = await workspace.BisectAsync(new SnapshotNumber(1), null, "n=$(head -n 1 code.txt); test $n -ge 9 -a $n -le 11 && exit 125; ! grep -q broken code.txt");

        Assert.Equal((BisectEnding.Narrowed, 13L, 9L), (result.Ending, result.Bad.Value, result.Good.Value));
        Assert.Equal([10L, 11L, 12L], result.Untold.Select(number => number.Value));
    }

    [Theory]
    [InlineData("false", BisectEnding.GoodIsBad)]
    [InlineData("true", BisectEnding.BadIsGood)]
    [InlineData("exit 130", BisectEnding.Aborted)]
    public async Task What_cannot_be_searched_is_said(string command, BisectEnding ending)
    {
        await using var workspace = await HistoryAsync(count: 6, brokenAt: 3);

        var result = await workspace.BisectAsync(new SnapshotNumber(1), null, command);

        Assert.Equal(ending, result.Ending);
    }

    [Fact]
    public async Task A_good_state_that_does_not_lead_to_the_bad_one_is_refused()
    {
        await using var workspace = await HistoryAsync(count: 4, brokenAt: 2);

        await Assert.ThrowsAsync<SavepointException>(() => workspace.BisectAsync(new SnapshotNumber(4), new SnapshotNumber(2), "true"));
        await Assert.ThrowsAsync<SavepointException>(() => workspace.BisectAsync(new SnapshotNumber(4), new SnapshotNumber(4), "true"));
        await Assert.ThrowsAsync<SavepointException>(() => workspace.BisectAsync(new SnapshotNumber(99), null, "true"));
    }

    /// <summary>The baseline and so many edits of one file, each in a turn of its own; from one of them on it has a line that breaks it.</summary>
    private async Task<SnapshotManager> HistoryAsync(int count, int brokenAt)
    {
        _workspace.Write("code.txt", "0\n");
        _workspace.Write("kept.txt", "kept\n");
        _workspace.Write(".gitignore", "out/\n");
        _workspace.Write("out/old", "");
        var workspace = await _workspace.InitAsync();
        for (var i = 1; i <= count; i++)
        {
            _workspace.Write("code.txt", $"{i}\n{(i >= brokenAt ? "broken\n" : "")}");
            await workspace.CaptureAsync(null, new CaptureContext { Actor = new Actor("agent", "session", $"turn-{i}") });
        }

        return workspace;
    }
}
