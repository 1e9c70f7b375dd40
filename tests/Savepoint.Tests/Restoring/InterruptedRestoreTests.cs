using Savepoint.Model;
using Savepoint.Restoring;
using Savepoint.Tests.Fidelity;
using Savepoint.Workspaces.Watching;
using Xunit;

namespace Savepoint.Tests.Restoring;

/// <summary>A restore that is interrupted before each of its writes in turn.</summary>
public sealed class InterruptedRestoreTests
{
    [Fact]
    public async Task A_restore_that_dies_anywhere_is_finished_by_the_next_opening()
    {
        using var bench = await RestoreBench.CreateAsync();
        var deaths = 0;
        for (var dies = true; dies; deaths++)
        {
            dies = Dies(bench, deaths);
            await using var manager = await SnapshotManager.OpenAsync(bench.Root, bench.Options);

            Assert.Equal(dies, manager.Recovered is not null);
            if (dies)
            {
                Assert.Equal(RestoreEnding.Restored, manager.Recovered!.Ending);
                Assert.Equal(SnapshotKind.Rollback, manager.GetSnapshot(manager.Head!.Value).Kind);
            }

            Assert.Equal(bench.FirstTree, Manifest.OfTree(bench.Root));
            Assert.Equal("", Shell.Run(bench.Root, "find . -name '.~sp-*'"));
            await manager.RollbackAsync(new SnapshotNumber(2));
            Assert.Equal(bench.SecondTree, Manifest.OfTree(bench.Root));
            Assert.Empty(manager.Verify().Problems);
        }

        Assert.InRange(deaths, 40, int.MaxValue);
    }

    [Fact]
    public async Task A_restore_that_dies_is_finished_by_a_process_that_had_the_workspace_open_before()
    {
        using var bench = await RestoreBench.CreateAsync();
        await using var staying = await SnapshotManager.OpenAsync(bench.Root, bench.Options);
        Assert.True(Dies(bench, 20));

        await staying.FinishInterruptedAsync(TestContext.Current.CancellationToken);

        Assert.Equal(bench.FirstTree, Manifest.OfTree(bench.Root));
        Assert.Equal(SnapshotKind.Rollback, staying.GetSnapshot(staying.Head!.Value).Kind);
    }

    [Fact]
    public async Task A_capture_by_a_process_that_had_the_workspace_open_finishes_the_restore_first()
    {
        using var bench = await RestoreBench.CreateAsync();
        await using var staying = await SnapshotManager.OpenAsync(bench.Root, bench.Options);
        for (var deaths = 0; Dies(bench, deaths); deaths += 4)
        {
            var captured = await staying.CaptureAsync(cancellationToken: TestContext.Current.CancellationToken);

            Assert.Null(captured.Snapshot);
            Assert.Equal(SnapshotKind.Rollback, staying.GetSnapshot(staying.Head!.Value).Kind);
            Assert.Equal(bench.FirstTree, Manifest.OfTree(bench.Root));
            await staying.RollbackAsync(new SnapshotNumber(2), cancellationToken: TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task An_undo_by_a_process_that_had_the_workspace_open_takes_back_the_restore_that_died()
    {
        using var bench = await RestoreBench.CreateAsync();
        await using var staying = await SnapshotManager.OpenAsync(bench.Root, bench.Options);
        Assert.True(Dies(bench, 20));

        await staying.UndoAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(bench.SecondTree, Manifest.OfTree(bench.Root));
    }

    [Fact]
    public async Task What_a_death_left_half_done_may_be_recorded_before_the_restore_goes_on()
    {
        using var bench = await RestoreBench.CreateAsync();
        await using var staying = await SnapshotManager.OpenAsync(bench.Root, bench.Options);
        for (var deaths = 0; Dies(bench, deaths); deaths++)
        {
            // As the watcher of a version does that knows of no journal.
            staying.RecordWatched(ChangeSet.Everything, staying.SpansNow(new WatchOptions()), _ => false, _ => { }, _ => { });

            await using var manager = await SnapshotManager.OpenAsync(bench.Root, bench.Options);

            Assert.Equal(RestoreEnding.Restored, manager.Recovered?.Ending);
            Assert.Equal(bench.FirstTree, Manifest.OfTree(bench.Root));
            Assert.Equal("", Shell.Run(bench.Root, "find . -name '.~sp-*'"));
            Assert.Null((await manager.PeekAsync(TestContext.Current.CancellationToken)).Snapshot);
            await manager.RollbackAsync(new SnapshotNumber(2), cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal(bench.SecondTree, Manifest.OfTree(bench.Root));
            Assert.Empty(manager.Verify().Problems);
        }
    }

    [Fact]
    public async Task A_restore_that_fails_anywhere_changes_nothing()
    {
        using var bench = await RestoreBench.CreateAsync();
        RestoreOutcome outcome;
        var failures = 0;
        do
        {
            var here = failures++;
            outcome = bench.Run(i =>
            {
                if (i == here)
                {
                    throw new SavepointException(ErrorCode.DiskFull, "There is no room.", "Make some.");
                }
            });
            Assert.True(outcome.IsTakenBack, $"failed at write {here}: {outcome.FailedPath}");
            Assert.Equal(outcome == RestoreOutcome.Done ? bench.FirstTree : bench.SecondTree, Manifest.OfTree(bench.Root));
            Assert.Equal("", Shell.Run(bench.Root, "find . -name '.~sp-*'"));
        }
        while (outcome != RestoreOutcome.Done);

        Assert.InRange(failures, 40, int.MaxValue);
    }

    [Theory]
    [InlineData("printf foreign > modified")]
    [InlineData("printf foreign > added")]
    [InlineData("rm -f mode-only modified added")]
    [InlineData("rm -rf locked && printf foreign > locked")]
    [InlineData("mkdir -p fresh && printf foreign > fresh/unknown")]
    [InlineData("mkdir -p deep/er && printf foreign > deep/er/est")]
    [InlineData("rm -f file-to-link && ln -s foreign file-to-link")]
    public async Task What_was_changed_after_a_death_is_recorded_before_the_restore_goes_on(string change)
    {
        using var bench = await RestoreBench.CreateAsync();
        for (var deaths = 0; Dies(bench, deaths); deaths += 5)
        {
            Shell.Run(bench.Root, change + " 2>/dev/null || true");
            var foreign = Foreign(bench.Root);

            await using var manager = await SnapshotManager.OpenAsync(bench.Root, bench.Options);

            Assert.True(manager.Recovered is not null, $"died at write {deaths}");
            Assert.True(IsHeld(manager, bench.Root, foreign), $"died at write {deaths}: '{foreign}' is lost");
            await manager.RollbackAsync(new SnapshotNumber(1));
            await manager.RollbackAsync(new SnapshotNumber(2));
            Shell.Run(bench.Root, "rm -rf fresh/unknown");
            Assert.Equal(bench.SecondTree, Manifest.OfTree(bench.Root));
            Assert.Empty(manager.Verify().Problems);
        }
    }

    [Fact]
    public async Task What_another_process_changed_just_before_is_left_alone_and_the_rest_taken_back()
    {
        using var bench = await RestoreBench.CreateAsync();
        Shell.Run(bench.Root, "printf foreign > modified");
        var changed = Manifest.OfTree(bench.Root);

        var outcome = bench.Run(_ => { });

        Assert.True(outcome.ChangedMeanwhile);
        Assert.True(outcome.IsTakenBack);
        Assert.Equal("modified", outcome.FailedPath.ToString());
        Assert.Equal(changed, Manifest.OfTree(bench.Root));
        await using var manager = await SnapshotManager.OpenAsync(bench.Root, bench.Options);
        Assert.Null(manager.Recovered);
    }

    [Fact]
    public async Task A_restore_that_can_neither_be_finished_nor_taken_back_says_so_and_keeps_nobody_from_recording()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            await A_restore_that_fails_anywhere_changes_nothing(); // only the superuser mounts
            return;
        }

        using var bench = await RestoreBench.CreateAsync();
        await using var staying = await SnapshotManager.OpenAsync(bench.Root, bench.Options);
        Assert.True(Dies(bench, await WriteAfterDeepAsync()));
        Shell.Run(bench.Root, "mount --bind deep deep && mount -o remount,ro,bind deep");
        try
        {
            await using var manager = await SnapshotManager.OpenAsync(bench.Root, bench.Options);

            Assert.Equal((RestoreEnding.Failed, false), (manager.Recovered!.Ending, manager.Recovered.IsTakenBack));
            Assert.All(manager.Recovered.Files, file => Assert.True(file.Result is RestoreFileResult.Failed or RestoreFileResult.Unknown));
            Assert.NotNull((await staying.CaptureAsync(cancellationToken: TestContext.Current.CancellationToken)).Snapshot);
        }
        finally
        {
            Shell.Run(bench.Root, "umount -l deep");
        }

        await using var again = await SnapshotManager.OpenAsync(bench.Root, bench.Options);
        Assert.Equal(RestoreEnding.Restored, again.Recovered?.Ending);
        Assert.Equal(bench.FirstTree, Manifest.OfTree(bench.Root));
    }

    /// <summary>The first write before which the folder stands that the restore makes.</summary>
    private static async Task<int> WriteAfterDeepAsync()
    {
        using var trial = await RestoreBench.CreateAsync();
        var found = -1;
        trial.Run(i => found = found < 0 && Directory.Exists(Path.Combine(trial.Root, "deep/er/est")) ? i : found);
        return found;
    }

    [Fact]
    public async Task Where_it_is_asked_for_all_that_was_changed_is_synced_modes_too()
    {
        using var bench = await RestoreBench.CreateAsync();
        var synced = new List<WorkspacePath>();

        Assert.Equal(RestoreOutcome.Done, bench.Run(_ => { }, synced));

        Assert.Contains(WorkspacePath.Root, synced);
        Assert.Contains(WorkspacePath.Parse("mode-only"), synced);
        Assert.Equal(2, synced.Count(path => path == WorkspacePath.Parse("locked"))); // for its entries, and for its mode
    }

    private static bool Dies(RestoreBench bench, int here)
    {
        try
        {
            bench.Run(i =>
            {
                if (i == here)
                {
                    throw new DeathException();
                }
            });
            return false;
        }
        catch (DeathException)
        {
            return true;
        }
    }

    /// <summary>Where the foreign change stands, as shell sees it: a file that says so, or a link that leads there.</summary>
    private static string Foreign(string root) =>
        Shell.Run(root, "grep -rlx foreign . || true; find . -lname foreign").Split('\n')[0];

    private static bool IsHeld(SnapshotManager manager, string root, string foreign)
    {
        if (foreign.Length == 0 || Foreign(root) == foreign)
        {
            return true;
        }

        var path = WorkspacePath.Parse(foreign[2..]);
        var content = ContentId.Of("foreign"u8);
        return Enumerable.Range(1, (int)manager.Head!.Value.Value).Any(number => manager.StateAt(new SnapshotNumber(number), path).ContentId == content);
    }
}
