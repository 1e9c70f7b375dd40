using Savepoint.Model;
using Savepoint.Storage;
using Savepoint.Workspaces.Scanning;
using Xunit;

namespace Savepoint.Tests.Storage.Repair;

/// <summary>The newest snapshots are gone with all that the database knew of them, as after a power loss: an older state of it is put back.</summary>
public sealed class LostNumbersTests : IDisposable
{
    private readonly Workspace _workspace = new();
    private string _store = "";

    [Fact]
    public async Task A_lost_number_is_told_and_never_given_again()
    {
        await LoseAsync();

        await using (var manager = await _workspace.OpenAsync())
        {
            Assert.Equal((3, 4), (manager.Lost!.First.Value, manager.Lost.Last.Value));
            var error = Assert.Throws<SavepointException>(() => manager.Resolve(Revision.Parse("4")));
            Assert.StartsWith("Snapshot 4 was recorded, and is lost", error.Message, StringComparison.Ordinal);
            Assert.Equal(new SnapshotNumber(5), (await manager.CaptureAsync()).Snapshot!.Number);
        }

        await using (var manager = await _workspace.OpenAsync())
        {
            Assert.Null(manager.Lost);
            Assert.Equal(manager.LostSnapshots(), manager.Verify().Lost);
            Assert.Equal(["snapshots 3 to 4 were recorded and are lost"], manager.Verify(deep: true).Problems);
        }
    }

    [Fact]
    public async Task What_only_an_archive_knows_of_is_told_and_the_archive_is_kept()
    {
        await LoseAsync(milestone: true);
        File.Delete(At(StoreFiles.MainIndex));

        await using var manager = await _workspace.OpenAsync();
        Assert.Equal((3, 4), (manager.Lost!.First.Value, manager.Lost.Last.Value));
        Assert.Equal(new SnapshotNumber(5), (await manager.CaptureAsync()).Snapshot!.Number);
        await manager.CleanUpAsync();
        Assert.Equal(new SnapshotNumber(4), Assert.Single(manager.Milestones()).Snapshot);
    }

    [Fact]
    public async Task What_only_a_branch_knows_of_is_told_in_the_workspace()
    {
        await LoseAsync();
        Directory.CreateDirectory(BranchFolders.Of(_store, 2));
        File.Move(At(StoreFiles.MainIndex), Path.Combine(BranchFolders.Of(_store, 2), StoreFiles.BranchIndex));

        await using var manager = await _workspace.OpenAsync();
        Assert.Equal((3, 4), (manager.Lost!.First.Value, manager.Lost.Last.Value));
    }

    [Fact]
    public async Task A_loss_that_cannot_be_noted_at_once_is_noted_with_the_next_snapshot()
    {
        await LoseAsync();
        Sql.Execute(At("store.db"), "CREATE TRIGGER refuse BEFORE INSERT ON lost BEGIN SELECT RAISE(ABORT, 'no'); END");
        await using var manager = await _workspace.OpenAsync();
        Assert.Null(manager.Lost);
        Sql.Execute(At("store.db"), "DROP TRIGGER refuse");

        Assert.Equal(new SnapshotNumber(5), (await manager.CaptureAsync()).Snapshot!.Number);
        Assert.Equal("snapshots 3 to 4 were recorded and are lost", Assert.Single(manager.LostSnapshots()).ToString());
    }

    [Fact]
    public async Task A_scan_finds_it_where_no_opening_has()
    {
        await using var manager = await _workspace.InitAsync();
        _store = manager.StoreDirectory;
        await RecordAsync(manager, "two");
        await RecordAsync(manager, "three");
        await IndexAsync(manager, 3);
        Sql.Execute(At("store.db"), "DELETE FROM changes WHERE snapshot = 3; DELETE FROM snapshots WHERE number = 3; UPDATE branches SET head = 2; UPDATE tree SET changed = 2 WHERE changed = 3");

        _workspace.Write("file", "four");
        Assert.Equal(new SnapshotNumber(4), (await manager.CaptureAsync()).Snapshot!.Number);
        Assert.Equal("snapshot 3 was recorded and is lost", Assert.Single(manager.LostSnapshots()).ToString());
    }

    [Fact]
    public async Task A_repair_lists_what_is_lost_once()
    {
        await LoseAsync();
        await CaptureAsync();

        var tried = await SnapshotManager.RepairAsync(_workspace.Root, _workspace.Options, dryRun: true);
        var first = await SnapshotManager.RepairAsync(_workspace.Root, _workspace.Options);
        var second = await SnapshotManager.RepairAsync(_workspace.Root, _workspace.Options);

        Assert.Equal(["snapshots 3 to 4 were recorded and are lost"], first.Lost);
        Assert.Equal(first.Lost, tried.Lost);
        Assert.False(first.WasSound);
        Assert.Null(first.KeptIn); // nothing was damaged, so nothing is rebuilt
        Assert.True(second.WasSound);
        await using var manager = await _workspace.OpenAsync();
        Assert.Empty(manager.Verify(deep: true).Problems);
    }

    [Fact]
    public async Task What_an_archive_holds_of_it_comes_back_while_nothing_was_recorded_since()
    {
        await LoseAsync(milestone: true);

        var result = await SnapshotManager.RepairAsync(_workspace.Root, _workspace.Options);

        Assert.Empty(result.Lost);
        await using var manager = await _workspace.OpenAsync();
        Assert.Null(manager.Lost);
        Assert.Empty(manager.Verify(deep: true).Problems);
        Assert.Equal(new SnapshotNumber(4), manager.Head);
        await manager.RollbackAsync(new SnapshotNumber(3));
        Assert.Equal("three", _workspace.Read("file"));
    }

    [Fact]
    public async Task What_an_archive_holds_of_it_is_kept_where_the_history_has_gone_on()
    {
        await LoseAsync(milestone: true);
        await CaptureAsync();

        var result = await SnapshotManager.RepairAsync(_workspace.Root, _workspace.Options);

        Assert.Contains("snapshots 3 to 4 were recorded and are lost", result.Lost);
        await using var manager = await _workspace.OpenAsync();
        Assert.Equal(["one", "two", "four"], new[] { 1, 2, 5 }.Select(number => Text(manager, new SnapshotNumber(number))));
        await manager.CleanUpAsync();
        Assert.Contains(manager.LoadMilestone(new SnapshotNumber(4)).CompressedHistory.Snapshots, snapshot => snapshot.Number.Value == 3);
        await manager.RollbackAsync(new SnapshotNumber(2));
        Assert.Equal("two", _workspace.Read("file"));
    }

    [Fact]
    public async Task Where_the_database_is_gone_the_numbers_behind_the_archive_are_lost_and_not_given_again()
    {
        await RecordBehindAnArchiveAsync();
        Array.ForEach(Directory.GetFiles(_store, "store.db*"), File.Delete);

        var tried = await SnapshotManager.RepairAsync(_workspace.Root, _workspace.Options, dryRun: true);
        var result = await SnapshotManager.RepairAsync(_workspace.Root, _workspace.Options);

        Assert.Contains("snapshots 3 to 4 were recorded and are lost", tried.Lost);
        Assert.Contains("snapshots 3 to 4 were recorded and are lost", result.Lost);
        await CaptureAsync();
    }

    [Fact]
    public async Task What_a_branch_s_index_knows_of_is_lost_and_not_given_again_as_well()
    {
        await RecordBehindAnArchiveAsync();
        var folder = Directory.CreateDirectory(BranchFolders.Of(_store, 2)).FullName;
        File.Move(At(StoreFiles.MainIndex), Path.Combine(folder, StoreFiles.BranchIndex));
        Sql.Execute(At("store.db"), "DELETE FROM changes WHERE snapshot > 2; DELETE FROM snapshots WHERE number > 2; UPDATE branches SET head = 2; UPDATE tree SET changed = 2");

        var result = await SnapshotManager.RepairAsync(_workspace.Root, _workspace.Options);

        Assert.Contains("snapshots 3 to 4 were recorded and are lost", result.Lost);
        await CaptureAsync();
    }

    public void Dispose() => _workspace.Dispose();

    /// <summary>Snapshots 1 to 4, of which the second is archived; the index is of the fourth.</summary>
    private async Task RecordBehindAnArchiveAsync()
    {
        _workspace.Write("file", "one");
        await using var manager = await _workspace.InitAsync();
        _store = manager.StoreDirectory;
        await RecordAsync(manager, "two");
        await manager.MilestoneAsync("two", new SnapshotNumber(2), TestContext.Current.CancellationToken);
        await RecordAsync(manager, "three");
        await RecordAsync(manager, "four");
        await IndexAsync(manager, 4);
        _workspace.Write("file", "five");
    }

    /// <summary>Snapshots 1 to 4, of which the database then has 1 and 2; the file is as 4 had it.</summary>
    private async Task LoseAsync(bool milestone = false)
    {
        _workspace.Write("file", "one");
        await using (var manager = await _workspace.InitAsync())
        {
            _store = manager.StoreDirectory;
            await RecordAsync(manager, "two");
        }

        Sql.Execute(At("store.db"), "PRAGMA wal_checkpoint(TRUNCATE)");
        File.Copy(At("store.db"), At("older"));
        await using (var manager = await _workspace.OpenAsync())
        {
            await RecordAsync(manager, "three");
            await RecordAsync(manager, "four");
            await IndexAsync(manager, 4);
            if (milestone)
            {
                await manager.MilestoneAsync("top", new SnapshotNumber(4), TestContext.Current.CancellationToken);
            }
        }

        File.Delete(At("store.db-wal"));
        File.Delete(At("store.db-shm"));
        File.Move(At("older"), At("store.db"), overwrite: true);
    }

    private async Task RecordAsync(SnapshotManager manager, string text)
    {
        _workspace.Write("file", text);
        Assert.NotNull((await manager.CaptureAsync()).Snapshot);
    }

    /// <summary>A file that changed a moment ago is not vouched for, and then the index is not worth writing.</summary>
    private async Task IndexAsync(SnapshotManager manager, long number)
    {
        while (ScanIndexFile.PeekNumber(At(StoreFiles.MainIndex)) != number)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
            await manager.CaptureAsync(cancellationToken: TestContext.Current.CancellationToken);
        }
    }

    private async Task CaptureAsync()
    {
        await using var manager = await _workspace.OpenAsync();
        Assert.Equal(new SnapshotNumber(5), (await manager.CaptureAsync()).Snapshot!.Number);
    }

    private static string Text(SnapshotManager manager, SnapshotNumber number) =>
        System.Text.Encoding.UTF8.GetString(manager.Contents.Read(manager.StateAt(number, WorkspacePath.Parse("file")).ContentId!.Value));

    private string At(string name) => Path.Combine(_store, name);
}
