using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Savepoint.Model;
using Xunit;

namespace Savepoint.Tests.Storage;

/// <summary>What is left open, and what others that use the store have to do with it.</summary>
public sealed class StoreClosingTests
{
    [Fact]
    public async Task A_process_that_ends_does_not_wait_for_one_that_reads()
    {
        using var workspace = new Workspace();
        var manager = await workspace.InitAsync();
        workspace.Write("noise", Noise(1024 * 1024)); // the log is then longer than what is left to the next one
        await manager.CaptureAsync();
        using var reading = new SqliteConnection($"Data Source={Path.Combine(manager.StoreDirectory, "store.db")};Pooling=False");
        reading.Open();
        using var transaction = reading.BeginTransaction(deferred: true);
        using var command = reading.CreateCommand();
        (command.CommandText, command.Transaction) = ("SELECT count(*) FROM snapshots", transaction);
        Assert.Equal(2L, command.ExecuteScalar());
        workspace.Write("noise", Noise(1024 * 1024));
        await manager.CaptureAsync();
        var watch = Stopwatch.StartNew();

        await manager.DisposeAsync();

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{watch.Elapsed}");
        await using var again = await workspace.OpenAsync();
        Assert.Equal(new SnapshotNumber(3), again.Head);
    }

    [Fact]
    public async Task The_log_of_a_process_that_ends_alone_is_folded_back()
    {
        using var workspace = new Workspace();
        var manager = await workspace.InitAsync();
        workspace.Write("noise", Noise(1024 * 1024));
        await manager.CaptureAsync();

        await manager.DisposeAsync();

        Assert.Equal(0, new FileInfo(Path.Combine(manager.StoreDirectory, "store.db-wal")).Length);
    }

    [Fact]
    public async Task A_first_recording_that_is_called_off_leaves_nothing_open()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux lists what a process has open as files.");
        using var workspace = new Workspace();
        workspace.Write("one", "1");
        workspace.Write("two", "2");
        using var cancelled = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SnapshotManager.InitAsync(workspace.Root, workspace.Options, progress: new Cancelling(cancelled), cancellationToken: cancelled.Token));

        Assert.Empty(OpenBelow(workspace.Scratch));
    }

    [Fact]
    public async Task A_store_whose_log_another_program_turned_off_has_it_again()
    {
        using var workspace = new Workspace();
        await (await workspace.InitAsync()).DisposeAsync();
        var database = Path.Combine(Directory.GetDirectories(workspace.Options.StoreHome).Single(), "store.db");
        Assert.Equal("delete", Sql.Texts(database, "PRAGMA journal_mode=DELETE").Single());

        await (await workspace.OpenAsync()).DisposeAsync();

        Assert.Equal("wal", Sql.Texts(database, "PRAGMA journal_mode").Single());
    }

    private static byte[] Noise(int length)
    {
        var bytes = new byte[length];
        Random.Shared.NextBytes(bytes);
        return bytes;
    }

    private static List<string> OpenBelow(string folder) =>
        [.. Directory.EnumerateFileSystemEntries("/proc/self/fd").Select(link => new FileInfo(link).LinkTarget).OfType<string>().Where(target => target.StartsWith(folder, StringComparison.Ordinal))];

    private sealed class Cancelling(CancellationTokenSource source) : IProgress<CaptureProgress>
    {
        public void Report(CaptureProgress value) => source.Cancel();
    }
}
