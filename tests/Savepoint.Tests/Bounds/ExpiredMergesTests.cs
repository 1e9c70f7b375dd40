using CsCheck;
using Savepoint.Model;
using Savepoint.Storage;
using Xunit;

namespace Savepoint.Tests.Bounds;

/// <summary>What expiry leaves of merges: whatever a later merge needs to know what both sides had.</summary>
public sealed class ExpiredMergesTests : IDisposable
{
    private const int Newest = 50;

    /// <summary>A long run names more of them.</summary>
    private static readonly int HistoryCount = int.Parse(Environment.GetEnvironmentVariable("SAVEPOINT_TEST_HISTORIES") ?? "30", System.Globalization.CultureInfo.InvariantCulture);

    private static readonly Gen<(int Kind, int Where, int Number)[]> Histories = Gen.Select(Gen.Int[0, 15], Gen.Int[0, 2], Gen.Int[0, 30]).Array[5, 40];

    private readonly Workspace _workspace = new();
    private int _written;

    public ExpiredMergesTests() => _workspace.Options = _workspace.Options with { MaxStoreBytes = 1 };

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task What_was_merged_and_deleted_before_history_expired_does_not_come_back()
    {
        await using var main = await _workspace.InitAsync();
        await using var idea = await BranchAsync(main, "idea");
        await WriteAsync(idea, "x");
        var first = await main.MergeBranchAsync("idea");
        File.Delete(_workspace.At("x"));
        await main.CaptureAsync();
        await WriteAsync(idea, "y"); // so that what was merged is not the branch's head
        await FillAsync(main);
        await FillAsync(idea);

        await ExpireAsync(main);

        var merged = await main.MergeBranchAsync("idea");
        Assert.Equal((RestoreEnding.Restored, first.Theirs), (merged.Restore.Ending, merged.Base));
        Assert.Equal((false, true), (File.Exists(_workspace.At("x")), File.Exists(_workspace.At("y"))));
    }

    [Fact]
    public async Task Of_many_merges_of_one_branch_expiry_keeps_the_newest()
    {
        await using var main = await _workspace.InitAsync();
        await using var idea = await BranchAsync(main, "idea");
        var merges = new List<SnapshotNumber>();
        for (var i = 0; i < 5; i++)
        {
            await WriteAsync(idea, $"idea-{i}");
            merges.Add((await main.MergeBranchAsync("idea")).Restore.Snapshot!.Value);
        }

        await FillAsync(main);
        await ExpireAsync(main);

        Assert.Equal(merges[4..], merges.Where(merge => main.FindMerged(merge) is null));
        Assert.Equal(RestoreEnding.NothingToDo, (await main.MergeBranchAsync("idea")).Restore.Ending);
    }

    [Fact]
    public async Task A_merge_of_a_branch_that_was_deleted_goes_and_the_branch_with_it()
    {
        await using var main = await _workspace.InitAsync();
        await using (var idea = await BranchAsync(main, "idea"))
        {
            await WriteAsync(idea, "x");
        }

        var merge = (await main.MergeBranchAsync("idea")).Restore.Snapshot!.Value;
        await main.DeleteBranchAsync("idea");
        await FillAsync(main);

        await ExpireAsync(main);

        Assert.True(main.FindMerged(merge) is { IsFreed: true });
        await Assert.ThrowsAsync<SavepointException>(() => main.MergeBranchAsync("idea"));
    }

    [Fact]
    public async Task What_two_branches_have_from_a_deleted_third_is_known_of_both()
    {
        await using var main = await _workspace.InitAsync();
        await using var other = await BranchAsync(main, "other");
        await using (var idea = await BranchAsync(main, "idea"))
        {
            await WriteAsync(idea, "x");
        }

        await main.MergeBranchAsync("idea");
        var theirs = await other.MergeBranchAsync("idea");
        await main.DeleteBranchAsync("idea");
        File.Delete(_workspace.At("x"));
        await main.CaptureAsync();
        await FillAsync(main);
        await FillAsync(other);

        await ExpireAsync(main);

        Assert.Equal(theirs.Theirs, (await main.MergeBranchAsync("other")).Base);
        Assert.False(File.Exists(_workspace.At("x")));
    }

    [Theory]
    [InlineData("undo")]
    [InlineData("rollback")]
    [InlineData("revert")]
    public async Task A_merge_that_stays_though_it_was_taken_back_is_known_to_be(string how)
    {
        await using var main = await _workspace.InitAsync();
        await using var idea = await BranchAsync(main, "idea");
        await WriteAsync(idea, "x");
        var merge = (await main.MergeBranchAsync("idea")).Restore.Snapshot!.Value;
        main.AddLabel("merged", merge);
        _ = how switch
        {
            "undo" => await main.UndoAsync(),
            "rollback" => await main.RollbackAsync(new SnapshotNumber(1)),
            _ => await main.RevertAsync(merge),
        };
        await WriteAsync(main, "after");
        await WriteAsync(main, "after");
        await FillAsync(main);

        await ExpireAsync(main);

        Assert.Null(main.FindMerged(merge));
        Assert.Equal(new SnapshotNumber(1), (await main.MergeBranchAsync("idea")).Base);
        Assert.True(File.Exists(_workspace.At("x")));
    }

    [Fact]
    public Task Whatever_expires_what_two_branches_have_in_common_is_what_it_was() => Histories.SampleAsync(
        async steps =>
        {
            using var workspace = new Workspace();
            workspace.Options = workspace.Options with { MaxStoreBytes = 1 };
            await using var main = await workspace.InitAsync();
            await using var one = await BranchAsync(main, "one");
            await using var two = await BranchAsync(one, "two");
            SnapshotManager[] all = [main, one, two];
            foreach (var (kind, where, number) in steps)
            {
                await StepAsync(all[where], all[(where + 1 + (number % 2)) % 3], kind, number);
            }

            foreach (var manager in all)
            {
                await FillAsync(manager);
            }

            var before = Bases(main);
            await main.KeepWithinBoundsAsync();
            Assert.Equal(before, Bases(main));
            Assert.Empty(main.Verify(deep: true).Problems);
        },
        iter: HistoryCount, threads: 2);

    /// <summary>Something that may happen on a branch; what is not possible there is left out.</summary>
    private async Task StepAsync(SnapshotManager manager, SnapshotManager other, int kind, int number)
    {
        switch (kind)
        {
            case 0 or 1:
                await manager.UndoAsync(1 + (number % 3));
                break;
            case 2:
                await manager.RedoAsync();
                break;
            case 3 when Earlier(manager, number) is { } earlier:
                await manager.RollbackAsync(earlier.Number);
                break;
            case 4 when Earlier(manager, number) is { Kind: SnapshotKind.Merge or SnapshotKind.Revert or SnapshotKind.Operation } earlier:
                await manager.RevertAsync(earlier.Number);
                break;
            case 5 when manager.Labels().All(label => label.Snapshot != manager.Head):
                manager.AddLabel($"label-{manager.Head}", manager.Head!.Value);
                break;
            case 6 or 7 or 8 or 9 or 10:
                await manager.MergeBranchAsync(other.Branch);
                break;
            default:
                await WriteAsync(manager, $"file-{number % 5}", turn: number % 3);
                break;
        }
    }

    /// <summary>A snapshot some steps before the head.</summary>
    private static Snapshot? Earlier(SnapshotManager manager, int count)
    {
        var snapshot = manager.GetSnapshot(manager.Head!.Value);
        for (var i = 0; i < count % 6 && snapshot.Parent is { } parent; i++)
        {
            snapshot = manager.GetSnapshot(parent);
        }

        return snapshot.Parent is null ? null : snapshot;
    }

    /// <summary>Of each two states of different branches that somebody may merge, or go back to and merge then: what both come from.</summary>
    private static List<(SnapshotNumber, SnapshotNumber, SnapshotNumber?)> Bases(SnapshotManager manager)
    {
        using var store = SnapshotStore.Open(manager.StoreDirectory, syncEachCommit: false);
        var states = store.Labels().Select(label => label.Snapshot).Concat(store.Branches().Select(branch => store.Head(branch)!.Value)).Order().ToList();
        var pairs = states.SelectMany(ours => states.Select(theirs => (ours, theirs))).Where(pair => store.GetHeader(pair.ours).Branch != store.GetHeader(pair.theirs).Branch);
        return [.. pairs.Select(pair => (pair.ours, pair.theirs, BranchMerge.BaseOf(store, pair.ours, pair.theirs)))];
    }

    private static async Task<SnapshotManager> BranchAsync(SnapshotManager from, string name)
    {
        await from.CreateBranchAsync(name, options: new BranchOptions { Isolation = Isolation.Copy });
        return await from.OpenBranchAsync(name);
    }

    private async Task WriteAsync(SnapshotManager manager, string path, int? turn = null)
    {
        await File.WriteAllTextAsync(Path.Combine(manager.Root, path), $"{Interlocked.Increment(ref _written)}\n");
        await manager.CaptureAsync(Workspace.Paths(path), turn is null ? null : new CaptureContext { Actor = new Actor("agent", "session", $"turn-{turn}") });
    }

    /// <summary>Snapshots enough that what was before is none of the newest.</summary>
    private async Task FillAsync(SnapshotManager manager)
    {
        for (var i = 0; i < Newest + 2; i++)
        {
            await WriteAsync(manager, $"filler-{manager.Branch}");
        }
    }

    private static async Task ExpireAsync(SnapshotManager manager)
    {
        Assert.True((await manager.KeepWithinBoundsAsync()).ExpiredCount > 0);
        Assert.Empty(manager.Verify(deep: true).Problems);
    }
}
