using System.Diagnostics;
using System.Globalization;
using Savepoint.Model;
using Savepoint.Tests.Fidelity;
using Savepoint.Tests.Storage;
using Savepoint.Tests.Workspaces.Scanning;
using Savepoint.Workspaces.Scanning;
using Xunit;

namespace Savepoint.Tests.Recording;

/// <summary>A first recording that is broken off is gone on with.</summary>
public sealed class InterruptedBaselineTests
{
    // Twice what may wait for the writer: when the first rows are there, not all can be.
    private const int FileCount = 3200;
    private const int FileBytes = 20_000;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_killed_baseline_keeps_what_it_stored()
    {
        using var workspace = new Workspace();
        var random = new Random(1);
        for (var i = 0; i < FileCount; i++)
        {
            var bytes = new byte[FileBytes];
            random.NextBytes(bytes);
            workspace.Write($"folder {i % 20}/{i}", bytes);
        }

        using (var child = ChildProcess.Start("init", workspace.Root, workspace.Options.StoreHome))
        {
            WaitForStoredContents(workspace);
            child.Kill();
        }

        var database = Directory.EnumerateFiles(workspace.Options.StoreHome, "store.db", SearchOption.AllDirectories).Single();
        var stored = Sql.Texts(database, "SELECT id || ' ' || hex(hash) FROM contents ORDER BY id");
        Assert.InRange(stored.Count, 1, FileCount - 1);
        Assert.Equal(0, Sql.Scalar(database, "SELECT count(*) FROM snapshots"));

        await using var manager = await workspace.InitAsync();

        Assert.Equal(stored, Sql.Texts(database, "SELECT id || ' ' || hex(hash) FROM contents ORDER BY id").Take(stored.Count));
        Assert.Equal(FileCount, Sql.Scalar(database, "SELECT count(DISTINCT hash) FROM contents"));
        Assert.Equal(FileCount, Sql.Scalar(database, "SELECT count(*) FROM contents"));
        Assert.Equal(FileCount + 20, manager.TreeAt(manager.Head!.Value).Count);
        Assert.Empty(manager.Verify(deep: true).Problems);
        var whole = Manifest.OfTree(workspace.Root);
        Shell.Run(workspace.Root, "rm -rf folder*");
        await manager.RollbackAsync(manager.Head!.Value);
        Assert.Equal(whole, Manifest.OfTree(workspace.Root));
    }

    [Fact]
    public async Task A_cancelled_baseline_does_not_read_again_what_it_read()
    {
        using var workspace = new Workspace();
        workspace.Options = workspace.Options with { Time = TestClock.Settled };
        for (var i = 0; i < 200; i++)
        {
            workspace.Write($"{i}", i.ToString(CultureInfo.InvariantCulture));
        }

        using var cancellation = new CancellationTokenSource();
        var progress = new CancelAt(100, cancellation);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SnapshotManager.InitAsync(workspace.Root, workspace.Options, progress: progress, cancellationToken: cancellation.Token));
        var index = Directory.EnumerateFiles(workspace.Options.StoreHome, "index-main", SearchOption.AllDirectories).Single();
        var noted = ScanIndexFile.Load(index);
        Assert.Equal(HeadMark.None, noted.Head);
        Assert.InRange(noted.EntryCount, 100, 199);
        Assert.Equal(new CaptureProgress(100, 200, progress.AtCancel.Bytes, 490), progress.AtCancel);

        await using var manager = await workspace.InitAsync();

        Assert.Equal(new DiskTree(workspace.Root, new Random(1)).Read(), DiskTree.Recorded(manager, manager.Head!.Value));
        Assert.Equal(200, ScanIndexFile.Load(index).EntryCount);
        Assert.Empty(manager.Verify(deep: true).Problems);
    }

    private static void WaitForStoredContents(Workspace workspace)
    {
        var watch = Stopwatch.StartNew();
        while (!HasContents(workspace.Options.StoreHome))
        {
            Assert.True(watch.Elapsed < Limit, "Nothing was stored.");
            Thread.SpinWait(1000);
        }
    }

    private static bool HasContents(string storeHome) =>
        Directory.Exists(storeHome)
        && Directory.EnumerateFiles(storeHome, "store.db", SearchOption.AllDirectories).FirstOrDefault() is { } database
        && Sql.Scalar(database, "SELECT count(*) FROM sqlite_master WHERE name = 'contents'") == 1
        && Sql.Scalar(database, "SELECT count(*) FROM contents") > 0;

    private sealed class CancelAt(long files, CancellationTokenSource cancellation) : IProgress<CaptureProgress>
    {
        public CaptureProgress AtCancel { get; private set; }

        public void Report(CaptureProgress value)
        {
            if (value.Files == files)
            {
                AtCancel = value;
                cancellation.Cancel();
            }
        }
    }
}
