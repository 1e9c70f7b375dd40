using Savepoint.Model;
using Savepoint.Storage;
using Savepoint.Storage.Repair;
using Xunit;

namespace Savepoint.Tests.Storage.Repair;

/// <summary>A repair whose process died, and watchers beside one.</summary>
public sealed class InterruptedRepairTests : IDisposable
{
    private readonly Workspace _workspace = new();
    private string _store = "";

    [Fact]
    public async Task What_was_recorded_since_a_repair_died_is_not_replaced_by_what_that_had_rebuilt()
    {
        await RecordAsync("one");
        File.Copy(At("store.db"), At("store.db.rebuilt"));
        await RecordAsync("two");

        Assert.True((await SnapshotManager.RepairAsync(_workspace.Root, _workspace.Options)).WasSound);

        await AssertHasAsync(2);
        Assert.False(File.Exists(At("store.db.rebuilt")));
    }

    [Fact]
    public async Task A_repair_that_died_while_it_replaced_the_database_is_finished_by_the_next_and_nobody_begins_a_new_history_meanwhile()
    {
        await RecordAsync("one");
        await RecordAsync("two");
        File.Move(At("store.db"), At("store.db.rebuilt"));
        File.WriteAllText(At("store.db-wal"), "the log of the damaged database");
        Array.ForEach(Directory.GetFiles(_store, "index-*"), File.Delete);

        Assert.Equal(ErrorCode.Damaged, (await Assert.ThrowsAsync<SavepointException>(_workspace.OpenAsync)).Code);
        Assert.Equal(ErrorCode.Damaged, (await Assert.ThrowsAsync<SavepointException>(_workspace.InitAsync)).Code);
        Assert.Equal(2, (await SnapshotManager.RepairAsync(_workspace.Root, _workspace.Options, dryRun: true)).SnapshotCount);
        await SnapshotManager.RepairAsync(_workspace.Root, _workspace.Options);

        await AssertHasAsync(2);
    }

    [Fact]
    public async Task A_damaged_store_is_kept_as_it_was()
    {
        await RecordAsync("one");
        var damaged = await File.ReadAllBytesAsync(At("store.db"));
        damaged.AsSpan(damaged.Length - 100).Fill(7);
        damaged.AsSpan(1024, 900).Fill(7);
        await File.WriteAllBytesAsync(At("store.db"), damaged);

        var result = await SnapshotManager.RepairAsync(_workspace.Root, _workspace.Options);

        Assert.Equal(damaged, await File.ReadAllBytesAsync(Path.Combine(result.KeptIn!, "store.db")));
        Assert.False(File.Exists(At("store.db.rebuilt")));
    }

    [Fact]
    public async Task Nothing_is_repaired_while_the_working_copy_of_a_branch_is_watched()
    {
        await RecordAsync("one");
        await using (var manager = await _workspace.OpenAsync())
        {
            await manager.CreateBranchAsync("side", options: new BranchOptions { Isolation = Isolation.Copy });
        }

        using var watched = WorkspaceLock.TryWatch(BranchFolders.All(_store).Single());

        Assert.Equal(ErrorCode.Busy, (await Assert.ThrowsAsync<SavepointException>(() => SnapshotManager.RepairAsync(_workspace.Root, _workspace.Options))).Code);
    }

    [Fact]
    public async Task A_watcher_ends_when_another_database_has_taken_the_place_of_its_own()
    {
        await RecordAsync("one");
        await using var manager = await _workspace.OpenAsync();
        await using var watch = manager.WatchAsync().GetAsyncEnumerator(TestContext.Current.CancellationToken);
        _workspace.Write("file", "two");
        Assert.True(await watch.MoveNextAsync());
        File.Copy(At("store.db"), At("copy"));
        File.Move(At("copy"), At("store.db"), overwrite: true);
        _workspace.Write("file", "three");

        Assert.Equal(ErrorCode.NotTracked, (await Assert.ThrowsAsync<SavepointException>(() => watch.MoveNextAsync().AsTask())).Code);
    }

    [Fact]
    public async Task Who_has_a_database_open_that_was_replaced_records_nothing_and_says_so()
    {
        await RecordAsync("one");
        await using var manager = await _workspace.OpenAsync();
        File.Copy(At("store.db"), At("copy"));
        File.Move(At("copy"), At("store.db"), overwrite: true);
        _workspace.Write("file", "two");

        Assert.Equal(ErrorCode.NotTracked, (await Assert.ThrowsAsync<SavepointException>(() => manager.CaptureAsync())).Code);
        Assert.Equal(ErrorCode.NotTracked, (await Assert.ThrowsAsync<SavepointException>(() => manager.RollbackAsync(manager.Head!.Value))).Code);
        Assert.Throws<SavepointException>(() => manager.AddLabel("name", manager.Head!.Value));
        Assert.Equal("two", _workspace.Read("file"));

        await manager.DisposeAsync();
        await using var again = await _workspace.OpenAsync();
        Assert.NotNull((await again.CaptureAsync()).Snapshot);
    }

    [Fact]
    public async Task Nobody_commits_into_a_database_between_its_copy_and_its_replacement()
    {
        await RecordAsync("one");
        _workspace.Write("file", "damaged"); // so that its recorded bytes stand nowhere any more
        Sql.Execute(At("store.db"), "UPDATE contents SET data = x'00'");
        string? refused = null;

        new StoreRepair(_store, 0, path => { refused ??= TryWrite(At("store.db")); return null; }, [], TimeProvider.System).Run(dryRun: false, TestContext.Current.CancellationToken);

        Assert.Contains("locked", refused, StringComparison.Ordinal);
        Assert.Null(TryWrite(At("store.db")));
    }

    private static string? TryWrite(string database)
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={database};Pooling=False;Default Timeout=1");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO labels (name, snapshot, kind, retention, time) VALUES ('late', 1, 0, 0, 1)";
        try
        {
            command.ExecuteNonQuery();
            return null;
        }
        catch (Microsoft.Data.Sqlite.SqliteException e)
        {
            return e.Message;
        }
    }

    [Fact]
    public async Task No_history_begins_over_one_whose_database_is_an_empty_file()
    {
        await RecordAsync("one");
        await using (var manager = await _workspace.OpenAsync())
        {
            await manager.MilestoneAsync("kept", manager.Head!.Value, TestContext.Current.CancellationToken);
            await manager.CleanUpAsync();
        }

        File.Delete(At("store.db-wal"));
        File.WriteAllBytes(At("store.db"), []);

        Assert.Equal(ErrorCode.Damaged, (await Assert.ThrowsAsync<SavepointException>(() => _workspace.InitAsync())).Code);
        await SnapshotManager.RepairAsync(_workspace.Root, _workspace.Options, cancellationToken: TestContext.Current.CancellationToken);
        await AssertHasAsync(1);
    }

    [Fact]
    public async Task A_workspace_stays_in_place_whatever_is_written_into_its_database_and_until_another_takes_its_place()
    {
        await RecordAsync("one");
        await using var manager = await _workspace.OpenAsync();
        _workspace.Write("file", "two");
        await manager.CaptureAsync();
        await manager.CleanUpAsync();
        Assert.True(manager.IsInPlace());

        File.Copy(At("store.db"), At("copy"));
        File.Move(At("copy"), At("store.db"), overwrite: true);
        Assert.False(manager.IsInPlace());
    }

    public void Dispose() => _workspace.Dispose();

    private string At(string file) => Path.Combine(_store, file);

    private async Task RecordAsync(string text)
    {
        _workspace.Write("file", text);
        await using var manager = await _workspace.InitAsync();
        _store = manager.StoreDirectory;
        await manager.CaptureAsync();
        await manager.CleanUpAsync(); // the log is folded back: the database alone is the history
    }

    private async Task AssertHasAsync(int snapshots)
    {
        await using var manager = await _workspace.OpenAsync();
        Assert.Equal(new SnapshotNumber(snapshots), manager.Head);
        Assert.Empty(manager.Verify(deep: true).Problems);
    }
}
