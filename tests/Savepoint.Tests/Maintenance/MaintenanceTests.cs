using Savepoint.Tests.Storage;
using Xunit;

namespace Savepoint.Tests.Maintenance;

/// <summary>The pipeline on a real store.</summary>
public sealed class MaintenanceTests
{
    [Fact]
    public async Task A_long_log_is_folded_back_and_the_store_knows_who_did_what()
    {
        using var workspace = new Workspace();
        await using var manager = await workspace.InitAsync();
        var database = Path.Combine(manager.StoreDirectory, "store.db");
        for (var i = 0; i < 120; i++)
        {
            workspace.Write($"file-{i}", new string((char)('a' + (i % 26)), 50) + i);
            await manager.CaptureAsync(Workspace.Paths($"file-{i}"));
        }

        Assert.True(new FileInfo(database + "-wal").Length > Savepoint.Maintenance.MaintenanceRules.FoldLogBytes);
        await using (var pipeline = manager.Maintain())
        {
            pipeline.RequestLook();
        }

        // Folded back, the next commit begins the log anew, and the file does not grow.
        var length = new FileInfo(database + "-wal").Length;
        workspace.Write("last", "last");
        await manager.CaptureAsync(Workspace.Paths("last"));
        Assert.Equal(length, new FileInfo(database + "-wal").Length);
        var workers = manager.Statistics().Workers.ToDictionary(worker => worker.Worker);
        Assert.Equal((1L, 1L, 0L), (workers["storage"].Done, workers["storage"].Queued, workers["storage"].Failed));
        Assert.Equal((1L, 1L), (workers["analysis"].Done, workers["analysis"].Queued));
        if (OperatingSystem.IsLinux())
        {
            Assert.InRange(manager.Statistics().PeakMemoryBytes!.Value, 1_000_000, 10_000_000_000);
        }
    }

    [Fact]
    public async Task A_clean_up_is_remembered_so_that_no_other_process_repeats_it()
    {
        using var workspace = new Workspace();
        await using var manager = await workspace.InitAsync();
        workspace.Write("a", "1");
        await manager.CaptureAsync();

        await manager.CleanUpAsync();

        Assert.Equal(2, Sql.Scalar(Path.Combine(manager.StoreDirectory, "store.db"), "SELECT value FROM counters WHERE name = 'cleanup.upto'"));
    }
}
