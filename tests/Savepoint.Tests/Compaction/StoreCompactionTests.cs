using CsCheck;
using Savepoint.Compaction;
using Savepoint.Model;
using Xunit;

namespace Savepoint.Tests.Compaction;

/// <summary>Compaction carried out in a store: what the law promises of the plan holds of what is read afterwards.</summary>
public sealed class StoreCompactionTests
{
    private const int Newest = 50;

    /// <summary>A long run names more of them.</summary>
    private static readonly int HistoryCount = int.Parse(Environment.GetEnvironmentVariable("SAVEPOINT_TEST_HISTORIES") ?? "40", System.Globalization.CultureInfo.InvariantCulture);

    private static readonly Gen<(int Kind, int File, int Text, int Pause)[]> Histories =
        Gen.Select(Gen.Int[0, 14], Gen.Int[0, 3], Gen.Int[0, 4], Gen.Int[0, 7]).Array[5, 40];

    [Fact]
    public Task Compaction_changes_no_state_that_stays() => Histories.SampleAsync(
        async steps =>
        {
            using var history = await RecordedHistory.WriteAsync(steps);
            await history.FillAsync(Newest);
            var before = history.States();
            foreach (var level in Enum.GetValues<CompactionLevel>())
            {
                await history.Manager.CompactAsync(level);
                history.Check(before, level);
            }

            await history.Manager.CleanUpAsync();
            history.Check(before, CompactionLevel.Aggressive);

            // The history goes on, and what was freed may be shown within something larger, or be freed into it.
            await history.GoOnAsync(steps);
            await history.FillAsync(Newest);
            before = history.RestOf(before);
            foreach (var level in (CompactionLevel[])[CompactionLevel.Normal, CompactionLevel.Aggressive, CompactionLevel.Normal])
            {
                await history.Manager.CompactAsync(level);
                history.Check(before, CompactionLevel.Aggressive);
            }
        },
        iter: HistoryCount, threads: 2);

    [Fact]
    public async Task The_seeds_three_edits_become_one_that_stands_for_three()
    {
        using var history = await RecordedHistory.WriteAsync([]);
        foreach (var line in (int[])[1, 2, 3])
        {
            await history.EditAsync("utils.js", string.Concat(Enumerable.Range(1, line).Select(i => $"console.log('debug{i}')\n")));
        }

        await history.FillAsync(Newest);
        var result = await history.Manager.CompactAsync();
        var shown = await history.ShownAsync();

        Assert.Equal(1, result.Merges[MergeRule.ContinuousEdits]);
        var merged = Assert.Single(shown, snapshot => snapshot.OperationCount > 1);
        Assert.Equal((3, 2L, 4L, 1L), (merged.OperationCount, merged.MergedFrom!.Value.Value, merged.Number.Value, merged.Parent!.Value.Value));
        Assert.Equal(["utils.js"], merged.Changes.Select(change => change.Path.ToString()));
        Assert.Equal(new MergedNumber(new(2), new(4), IsFreed: false), history.Manager.FindMerged(new(3)));
        Assert.Equal("console.log('debug1')\n", history.Text(2, "utils.js"));
        Assert.Equal(1, history.Manager.GetSnapshot(new(3)).OperationCount);
    }

    [Fact]
    public async Task What_was_freed_leads_to_the_end_of_its_range_and_its_contents_go()
    {
        using var history = await RecordedHistory.WriteAsync([]);
        await history.EditAsync("a", Noise(1));
        await history.EditAsync("a", Noise(2));
        await history.EditAsync("a", Noise(3));
        await history.EditAsync("a", Noise(4));
        await history.FillAsync(Newest);
        await history.Manager.CompactAsync(CompactionLevel.Aggressive);

        Assert.Equal(new SnapshotNumber(5), history.Manager.Resolve(Revision.Parse("3")));
        Assert.Equal(new MergedNumber(new(2), new(5), IsFreed: true), history.Manager.FindMerged(new(3)));
        Assert.Equal((4, new SnapshotNumber(1)), (history.Manager.GetSnapshot(new(5)).OperationCount, history.Manager.GetSnapshot(new(5)).Parent));
        Assert.Equal(3, (await history.Manager.CleanUpAsync()).FreedContents);
        Assert.Empty(history.Manager.Verify(deep: true).Problems);
    }

    [Fact]
    public async Task What_came_to_nothing_leaves_no_change_and_later_ones_follow_what_was_before()
    {
        using var history = await RecordedHistory.WriteAsync([]);
        await history.EditAsync("a", "one\n");
        history.Pause(60);
        await history.EditAsync("a", "two\n");
        await history.EditAsync("a", "one\n");
        history.Pause(60);
        await history.EditAsync("a", "three\n");
        await history.FillAsync(Newest);

        var result = await history.Manager.CompactAsync(CompactionLevel.Aggressive);

        Assert.True(result.SnapshotsAfter < result.SnapshotsBefore);
        Assert.Empty(history.Manager.Verify(deep: true).Problems);
        Assert.Equal("three\n", history.Text(history.Manager.Head!.Value.Value, "a"));
    }

    [Fact]
    public async Task Contents_that_are_too_large_to_be_read_together_change_no_merge()
    {
        const int Chains = 24;
        using var history = await RecordedHistory.WriteAsync([]);
        for (var chain = 0; chain < Chains; chain++)
        {
            var text = string.Concat(Enumerable.Range(0, 10_000).Select(line => $"line {line} of chain {chain}\n")); // 260 KB
            foreach (var space in new[] { "", " ", "  ", "\t" })
            {
                history.Pause(60);
                await history.EditAsync($"large-{chain % 2}", space + text);
            }
        }

        await history.FillAsync(Newest);
        var before = history.States();

        var result = await history.Manager.CompactAsync(CompactionLevel.Aggressive);

        history.Check(before, CompactionLevel.Aggressive);
        Assert.Equal(2 * Chains, result.SnapshotsBefore - result.SnapshotsAfter); // three that format are one
    }

    [Fact]
    public async Task A_second_compaction_looks_only_at_what_is_new()
    {
        using var history = await RecordedHistory.WriteAsync([]);
        await history.EditAsync("a", "1\n");
        await history.EditAsync("a", "2\n");
        await history.FillAsync(Newest);
        Assert.Equal(1, (await history.Manager.CompactAsync()).Merges.Values.Sum());
        Assert.Empty((await history.Manager.CompactAsync()).Merges);

        history.Pause(60);
        await history.EditAsync("b", "1\n");
        await history.EditAsync("b", "2\n");
        await history.FillAsync(Newest);
        Assert.Contains(await ShownOf(history), snapshot => snapshot is { OperationCount: 2, Number.Value: 3 });
        Assert.NotEmpty((await history.Manager.CompactAsync()).Merges);
    }

    [Fact]
    public async Task A_label_set_after_the_plan_keeps_its_state()
    {
        using var history = await RecordedHistory.WriteAsync([]);
        await history.EditAsync("a", "1\n");
        await history.EditAsync("a", "2\n");
        await history.EditAsync("a", "3\n");
        await history.FillAsync(Newest);
        history.Manager.AddLabel("here", new SnapshotNumber(3));
        await history.Manager.CompactAsync(CompactionLevel.Aggressive);

        Assert.Equal("2\n", history.Text(3, "a"));
        Assert.Null(history.Manager.FindMerged(new(3)));
    }

    [Fact]
    public async Task Compaction_after_every_capture_merges_as_much_as_one_at_the_end()
    {
        using var history = await RecordedHistory.WriteAsync([]);
        for (var i = 1; i <= 6; i++)
        {
            await history.EditAsync("a", $"{i}\n");
        }

        for (var i = 0; i < Newest + 8; i++)
        {
            await history.FillAsync(1);
            await history.Manager.CompactAsync();
        }

        var merged = Assert.Single(await history.ShownAsync(), snapshot => snapshot.OperationCount > 1);
        Assert.Equal((6, 7L), (merged.OperationCount, merged.Number.Value));
    }

    [Fact]
    public async Task A_number_that_is_named_verified_or_gone_back_to_later_stands_for_itself_again()
    {
        using var history = await RecordedHistory.WriteAsync([]);
        for (var i = 1; i <= 9; i++)
        {
            await history.EditAsync("a", $"{i}\n");
        }

        await history.FillAsync(Newest);
        await history.Manager.CompactAsync();
        history.Manager.AddLabel("here", new SnapshotNumber(3));
        await history.Manager.RollbackAsync(new SnapshotNumber(5));
        await history.Manager.RecordVerificationAsync(new SnapshotNumber(8), BuildResult.Passed);

        Assert.Equal([10L, 8, 5, 3], (await history.ShownAsync()).Where(snapshot => snapshot.OperationCount > 1).Select(snapshot => snapshot.Number.Value));
        await history.Manager.CompactAsync(CompactionLevel.Aggressive);
        Assert.Equal(("2\n", "4\n", "7\n", "9\n"), (history.Text(3, "a"), history.Text(5, "a"), history.Text(8, "a"), history.Text(10, "a")));
        Assert.Empty(history.Manager.Verify(deep: true).Problems);
    }

    [Fact]
    public async Task What_was_freed_into_a_snapshot_stays_so_when_that_one_is_shown_within_another()
    {
        using var history = await RecordedHistory.WriteAsync([]);
        for (var i = 1; i <= 8; i++)
        {
            await history.EditAsync("a", $"{i}\n");
        }

        await history.FillAsync(Newest - 4);
        await history.Manager.CompactAsync(CompactionLevel.Aggressive);
        var freed = history.Manager.FindMerged(new SnapshotNumber(3));
        Assert.Equal(new MergedNumber(new SnapshotNumber(2), new SnapshotNumber(5), IsFreed: true), freed);

        await history.FillAsync(20);
        await history.Manager.CompactAsync();
        Assert.Contains(await history.ShownAsync(), snapshot => snapshot is { Number.Value: 9, OperationCount: 8 });
        Assert.Equal(freed, history.Manager.FindMerged(new SnapshotNumber(3)));
        Assert.Equal(new SnapshotNumber(5), history.Manager.Resolve(Revision.Parse("3")));
        Assert.Equal("4\n", history.Text(5, "a"));
        Assert.Empty(history.Manager.Verify(deep: true).Problems);

        await history.Manager.CompactAsync(CompactionLevel.Aggressive);
        Assert.Equal(new MergedNumber(new SnapshotNumber(2), new SnapshotNumber(9), IsFreed: true), history.Manager.FindMerged(new SnapshotNumber(3)));
        Assert.Empty(history.Manager.Verify(deep: true).Problems);
    }

    [Fact]
    public async Task Several_compactions_and_captures_at_once_leave_a_sound_store()
    {
        using var history = await RecordedHistory.WriteAsync([]);
        for (var i = 0; i < 60; i++)
        {
            await history.EditAsync($"file-{i % 3}", $"{i} one\n");
            await history.EditAsync($"file-{i % 3}", $"{i} two\n");
        }

        await history.FillAsync(Newest);
        var before = history.States();
        await using var other = await history.OpenAsync();
        await using var third = await history.OpenAsync();
        await Task.WhenAll(
            Task.Run(() => history.Manager.CompactAsync(CompactionLevel.Aggressive)),
            Task.Run(() => other.CompactAsync(CompactionLevel.Aggressive)),
            Task.Run(() => other.CompactAsync()),
            Task.Run(async () =>
            {
                for (var i = 0; i < 20; i++)
                {
                    await File.WriteAllTextAsync(Path.Combine(history.Root, "busy"), $"{i}");
                    await third.CaptureAsync(Workspace.Paths("busy"));
                }
            }));

        history.Check(before, CompactionLevel.Aggressive);
    }

    [Fact]
    public async Task The_history_of_a_path_shows_a_merge_that_touched_it_in_its_middle()
    {
        using var history = await RecordedHistory.WriteAsync([]);
        await history.EditAsync("a", "1\n");
        await history.EditAsync("a", "2\n");
        await history.FillAsync(Newest);
        await history.Manager.CompactAsync();

        var shown = new List<Snapshot>();
        await foreach (var snapshot in history.Manager.HistoryAsync(new HistoryFilter { Path = WorkspacePath.Parse("a") }))
        {
            shown.Add(snapshot);
        }

        Assert.Equal([3L], shown.Select(snapshot => snapshot.Number.Value));
        Assert.Equal(Newest + 3, await CountAsync(history.Manager.HistoryAsync(new HistoryFilter { AsRecorded = true })));
    }

    private static Task<List<Snapshot>> ShownOf(RecordedHistory history) => history.ShownAsync();

    private static async Task<int> CountAsync(IAsyncEnumerable<Snapshot> snapshots)
    {
        var count = 0;
        await foreach (var _ in snapshots)
        {
            count++;
        }

        return count;
    }

    private static string Noise(int seed)
    {
        var bytes = new byte[3000];
        new Random(seed).NextBytes(bytes);
        return Convert.ToBase64String(bytes);
    }
}
