using System.Text.Json;

namespace Savepoint.Cli.Tests.Verbs;

/// <summary>What a user sees of a history that was compacted.</summary>
public sealed class CompactTests : IDisposable
{
    private const int Newest = 50;

    private readonly CliWorkspace _workspace = new();

    public CompactTests()
    {
        _workspace.Write("a.txt", "0\n");
        _workspace.Json("init");
        foreach (var edit in (int[])[1, 2, 3])
        {
            _workspace.Write("a.txt", $"{edit}\n");
            _workspace.Capture("a.txt", "--agent", "x", "--session", "s", "--turn", "t");
        }

        // So many others that those are none of the newest; each of a turn of its own, across which nothing merges.
        var captures = string.Join('\n', Enumerable.Range(0, Newest).Select(i => $"echo {i} > b.txt; savepoint capture -q b.txt --session s --turn other-{i}"));
        _workspace.Shell(captures).Expect(0);
    }

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Continuous_edits_are_shown_as_one_and_keep_their_states()
    {
        var done = _workspace.Json("compact");

        Assert.Equal(1, done.GetProperty("merges").GetProperty("continuousEdits").GetInt32());
        Assert.Equal(done.GetProperty("snapshotsBefore").GetInt64(), done.GetProperty("snapshotsAfter").GetInt64());
        var merged = Log().Single(line => line.GetProperty("operationCount").GetInt32() == 3);
        Assert.Equal((4, 1), (merged.GetProperty("snapshot").GetInt32(), merged.GetProperty("parent").GetInt32()));
        Assert.Equal([2, 4], merged.GetProperty("range").EnumerateArray().Select(number => number.GetInt32()));
        Assert.Equal(Newest + 2, Log().Count);
        Assert.Contains("-0\n+3\n", _workspace.Run("show", "4").Expect(0).Output, StringComparison.Ordinal);

        var middle = _workspace.Run("show", "3").Expect(0);
        Assert.Contains("-1\n+2\n", middle.Output, StringComparison.Ordinal);
        Assert.Contains("snapshot 3 was merged into 2–4", middle.Error, StringComparison.Ordinal);
        _workspace.Run("rollback", "3").Expect(0);
        Assert.Equal("2\n", _workspace.Read("a.txt"));
    }

    [Fact]
    public void A_freed_number_stands_for_the_end_of_its_range_and_says_so()
    {
        var done = _workspace.Json("compact", "--level", "aggressive");

        Assert.Equal(2, done.GetProperty("snapshotsBefore").GetInt64() - done.GetProperty("snapshotsAfter").GetInt64());
        var shown = _workspace.Json("show", "3");
        Assert.Equal((3, 4, 4), (shown.GetProperty("requested").GetInt32(), shown.GetProperty("resolvedTo").GetInt32(), shown.GetProperty("snapshot").GetInt32()));
        var cat = _workspace.Run("cat", "3", "a.txt").Expect(0);
        Assert.Equal("3\n", cat.Output);
        Assert.Contains("snapshot 3 was compacted into 4", cat.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rollback_to_a_freed_number_needs_nearest()
    {
        _workspace.Json("compact", "--level", "emergency");

        var refused = _workspace.Run("rollback", "3").Expect(1);
        Assert.Contains("--nearest", refused.Error, StringComparison.Ordinal);
        Assert.Equal($"{Newest - 1}\n", _workspace.Read("b.txt"));

        var done = _workspace.Json("rollback", "3", "--nearest");
        Assert.Equal((3, 4, 4), (done.GetProperty("requested").GetInt32(), done.GetProperty("resolvedTo").GetInt32(), done.GetProperty("target").GetInt32()));
        Assert.Equal("3\n", _workspace.Read("a.txt"));
        Assert.False(File.Exists(_workspace.At("b.txt")));
        _workspace.Run("verify", "--deep").Expect(0);
    }

    [Fact]
    public void A_freed_number_gets_no_milestone_and_an_export_says_what_it_took()
    {
        _workspace.Json("compact", "--level", "aggressive");

        var refused = _workspace.Run("milestone", "m", "3").Expect(1);
        Assert.Contains("savepoint milestone m 4", refused.Error, StringComparison.Ordinal);
        Assert.Empty(_workspace.Json("labels").GetProperty("labels").EnumerateArray());
        var exported = _workspace.Json("export", "--archive", Path.Combine(_workspace.Scratch, "3.tar"), "3");
        Assert.Equal((3, 4, 4), (exported.GetProperty("requested").GetInt32(), exported.GetProperty("resolvedTo").GetInt32(), exported.GetProperty("of").GetInt32()));
        Assert.Contains("compacted into 4", _workspace.Run("export", "--patch", "3..@").Expect(0).Error, StringComparison.Ordinal);
        Assert.Equal(4, _workspace.Run("events", "--since", "3").Expect(0).JsonLines.First().GetProperty("snapshot").GetInt32());
    }

    private List<JsonElement> Log() => [.. _workspace.Run("log", "--json").Expect(0).JsonLines];
}
