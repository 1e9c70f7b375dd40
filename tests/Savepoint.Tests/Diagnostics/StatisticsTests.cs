using Savepoint.Model;
using Savepoint.Tests.Storage;
using Xunit;

namespace Savepoint.Tests.Diagnostics;

/// <summary>What <see cref="SnapshotManager.Statistics"/> says, against SQL over the same store.</summary>
public sealed class StatisticsTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task Speeds_are_the_percentiles_of_what_the_snapshots_say()
    {
        await using var manager = await _workspace.InitAsync();
        await CaptureAsync(manager, 100);
        await manager.UndoAsync();
        Sql.Execute(Database(manager), "UPDATE snapshots SET elapsed = CASE kind WHEN 1 THEN (number - 1) * 1000 WHEN 3 THEN NULL ELSE 7 END");

        var speeds = manager.Statistics().Speeds;

        Assert.Equal(
            [new SpeedStatistics(SnapshotKind.Baseline, 1, TimeSpan.FromMicroseconds(7), TimeSpan.FromMicroseconds(7)), new SpeedStatistics(SnapshotKind.Operation, 100, TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(99))],
            speeds);
    }

    [Fact]
    public async Task A_snapshot_knows_how_long_it_took_and_one_that_another_process_finished_does_not()
    {
        await using var manager = await _workspace.InitAsync();
        await CaptureAsync(manager, 1);
        var undone = await manager.UndoAsync();

        Assert.All([1, 2, undone.Snapshot!.Value.Value], number => Assert.True(manager.GetSnapshot(new SnapshotNumber(number)).Elapsed > TimeSpan.Zero));
        Assert.InRange(manager.GetSnapshot(undone.Snapshot!.Value).Elapsed!.Value, TimeSpan.Zero, undone.Elapsed);
    }

    [Fact]
    public async Task Sums_are_right_however_often_they_were_carried_on_and_whatever_moved_meanwhile()
    {
        await using var manager = await _workspace.InitAsync();
        for (var round = 0; round < 4; round++)
        {
            await CaptureAsync(manager, 80, seed: round);
            if (round != 1)
            {
                AssertTrue(manager);
            }

            if (round == 2)
            {
                // Contents that nothing names, the newest of all: gc frees them, and SQLite gives their numbers again.
                Sql.Execute(Database(manager), "INSERT INTO contents (hash, size, method, position, data) VALUES (randomblob(32), 5, 0, 0, x'0102030405'), (randomblob(32), 5, 0, 0, x'0102030405')");
                AssertTrue(manager);
            }

            if (round > 0)
            {
                await manager.CleanUpAsync();
                AssertTrue(manager);
            }
        }

        Assert.True(manager.Statistics().PackCount > 0);
    }

    [Fact]
    public async Task A_failed_restore_is_counted_and_one_to_nowhere_is_not()
    {
        await using (var manager = await _workspace.InitAsync())
        {
            await CaptureAsync(manager, 1);
            await Assert.ThrowsAsync<SavepointException>(() => manager.RollbackAsync(new SnapshotNumber(99)));
            await FailToRestoreAsync(manager);
        }

        await using var later = await _workspace.OpenAsync();

        // The third capture is of what the restore found in its way.
        Assert.Equal([("capture", 3L, 0L), ("restore", 0L, 1L)], later.Statistics().Outcomes.Select(outcome => (outcome.Operation, outcome.Done, outcome.Failed)));
    }

    [Fact]
    public async Task Operations_asked_for_are_counted_by_the_layer_that_had_them()
    {
        await using (var manager = await _workspace.InitAsync())
        {
            await CaptureAsync(manager, 60);
            manager.FillLayers();
            manager.FindOperation(new SnapshotNumber(61)); // in L1
            manager.FindOperation(new SnapshotNumber(3)); // on the disk
            manager.FindOperation(new SnapshotNumber(3)); // in L2 since then
            manager.FindOperation(new SnapshotNumber(3));
        }

        await using (var later = await _workspace.OpenAsync())
        {
            Assert.Equal(new LayerLookups(1, 2, 1), later.Statistics().LayerLookups);
            later.FindOperation(new SnapshotNumber(4));
        }

        await using var last = await _workspace.OpenAsync();
        Assert.Equal(new LayerLookups(1, 2, 2), last.Statistics().LayerLookups);
    }

    [Fact]
    public async Task What_was_never_measured_is_not_there()
    {
        await using var manager = await _workspace.InitAsync();

        var statistics = manager.Statistics();

        Assert.Null(statistics.ContentCache);
        Assert.Null(statistics.LayerLookups);
        Assert.Null(statistics.PeakMemoryBytes);
        Assert.Empty(statistics.Workers);
        Assert.Empty(statistics.Contents);
        Assert.Equal(["capture"], statistics.Outcomes.Select(outcome => outcome.Operation));
    }

    /// <summary>The sums over contents and snapshots are what counting them all gives.</summary>
    private static void AssertTrue(SnapshotManager manager)
    {
        var database = Database(manager);
        var statistics = manager.Statistics();
        long Count(string what) => Sql.Scalar(database, $"SELECT coalesce({what}, 0) FROM contents");
        var packed = Sql.Scalar(database, "SELECT coalesce(sum(length(data)), 0) FROM packs");

        Assert.Equal(Count("count(*)"), statistics.Contents.Sum(method => method.Count));
        Assert.Equal(Count("sum(size)"), statistics.Contents.Sum(method => method.RawBytes));
        Assert.Equal(Count("sum(length(data))") + packed, statistics.Contents.Sum(method => method.StoredBytes));
        Assert.All(statistics.Contents, method => Assert.True(method.Count > 0));
        Assert.Equal(Count("count(DISTINCT method)"), statistics.Contents.Count);
        Assert.Equal(Sql.Scalar(database, "SELECT count(*) FROM snapshots"), statistics.Outcomes.Where(outcome => outcome.Operation is "capture" or "restore").Sum(outcome => outcome.Done));
    }

    /// <summary>A directory in the way that holds what cannot be recorded.</summary>
    private async Task FailToRestoreAsync(SnapshotManager manager)
    {
        File.Delete(_workspace.At("file-0"));
        Directory.CreateDirectory(_workspace.At("file-0"));
        System.Diagnostics.Process.Start("mkfifo", [_workspace.At("file-0/pipe")]).WaitForExit();
        var result = await manager.RollbackAsync(new SnapshotNumber(2));
        Assert.Equal(RestoreEnding.Failed, result.Ending);
    }

    private async Task CaptureAsync(SnapshotManager manager, int count, int seed = 0)
    {
        for (var i = 0; i < count; i++)
        {
            _workspace.Write($"file-{i % 40}", string.Concat(Enumerable.Range(i, 100).Select(line => $"line {line} of {i} in {seed}\n")));
            await manager.CaptureAsync(Workspace.Paths($"file-{i % 40}"));
        }
    }

    private static string Database(SnapshotManager manager) => Path.Combine(manager.StoreDirectory, "store.db");
}
