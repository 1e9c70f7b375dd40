using System.Globalization;
using Savepoint.Model;
using Savepoint.Tests.Fidelity;
using Savepoint.Tests.Workspaces;
using Xunit;

namespace Savepoint.Tests.Restoring;

/// <summary>
/// No room: for anybody as a limit on the size of a file (<c>ulimit -f</c>, which the system reports as it reports a full
/// disk, at the write), and for the superuser as a small file system that is really full.
/// </summary>
public sealed class FullDiskTests
{
    private const int LargeBytes = 3_000_000;

    /// <summary>
    /// Starts a child that can write no file past 1 MB; the signal that would kill it is ignored. (.NET maps its code through
    /// a large file in memory, unless told not to.)
    /// </summary>
    private static readonly string[] Limited = ["/bin/sh", "-c", "trap '' XFSZ; ulimit -f 2048; export DOTNET_EnableWriteXorExecute=0; exec \"$@\"", "sh"];

    [Fact]
    public async Task A_capture_without_room_records_nothing_and_says_so()
    {
        using var workspace = new Workspace();
        workspace.Write("small", "text");
        await (await workspace.InitAsync()).DisposeAsync();
        workspace.Write("large", Noise(LargeBytes, 1));
        workspace.Write("small", "changed");
        var tree = Manifest.OfTree(workspace.Root);

        var said = await RunLimitedAsync("capture and report", workspace);

        Assert.Contains(said, line => line is "Environment" or "DiskFull");
        Assert.Equal(tree, Manifest.OfTree(workspace.Root));
        await using var manager = await workspace.OpenAsync();
        Assert.Equal(1, manager.Head!.Value.Value);
        Assert.Empty(manager.Verify(deep: true).Problems);
        Assert.Equal(2, (await manager.CaptureAsync()).Snapshot!.Changes.Count);
    }

    [Fact]
    public async Task A_rollback_without_room_changes_nothing()
    {
        using var workspace = new Workspace();
        await MakeTwoStatesAsync(workspace);
        var tree = Manifest.OfTree(workspace.Root);

        var said = await RunLimitedAsync("roll back", workspace, "1");

        Assert.Equal("Failed", said[^1]);
        Assert.Equal(tree, Manifest.OfTree(workspace.Root));
        await using var manager = await workspace.OpenAsync();
        Assert.Null(manager.Recovered);
        Assert.Equal(RestoreEnding.Restored, (await manager.RollbackAsync(new SnapshotNumber(1))).Ending);
    }

    [Fact]
    public async Task A_full_file_system_fails_captures_and_rollbacks_and_changes_nothing()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            NotTried.Say("a file system that is full: only the superuser mounts one (a limit on files' sizes stands for it in other tests)");
            return;
        }

        using var small = new SmallDisk();
        var disk = small.Root;
        await FillAsync(disk);
    }

    [Fact]
    public async Task A_capture_without_room_gives_back_what_can_be_made_anew_and_records()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            NotTried.Say("a capture on a full file system: only the superuser mounts one");
            return;
        }

        using var workspace = new Workspace();
        using var small = new SmallDisk();
        var disk = small.Root;
        workspace.Options = workspace.Options with { StoreHome = Path.Combine(disk, "stores") };
        Shell.Run(workspace.Root, "for i in $(seq 2000); do echo $i > file-$i; done");
        await using var manager = await workspace.InitAsync();
        Shell.Run(disk, "cat /dev/zero > filler 2> /dev/null || true");
        workspace.Write("file-1", "recorded though the disk is full");

        var captured = await manager.CaptureAsync();

        Assert.Equal(Workspace.Paths("file-1"), captured.Snapshot!.Changes.Select(change => change.Path));
        await using var again = await workspace.OpenAsync();
        Assert.Equal(captured.Snapshot.Number, again.Head);
        Assert.Empty(again.Verify(deep: true).Problems);
    }

    [Fact]
    public async Task A_watch_on_a_full_disk_says_so_once_and_records_when_there_is_room_again()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            NotTried.Say("a watch on a full file system: only the superuser mounts one");
            return;
        }

        using var workspace = new Workspace();
        using var small = new SmallDisk();
        var disk = small.Root;
        workspace.Options = workspace.Options with { StoreHome = Path.Combine(disk, "stores") };
        await (await workspace.InitAsync()).DisposeAsync();
        var told = new List<SavepointException>();
        await using (var watched = await Watched.StartAsync(workspace, new WatchOptions { Trouble = new Heard(told) }))
        {
            Shell.Run(disk, "cat /dev/zero > filler 2> /dev/null || true");
            workspace.Write("large", Noise(LargeBytes, 1));
            Assert.True(SpinWait.SpinUntil(() => { lock (told) { return told.Count > 0; } }, TimeSpan.FromSeconds(30)));

            File.Delete(Path.Combine(disk, "filler"));
            watched.Await("large");
        }

        Assert.Equal(ErrorCode.DiskFull, Assert.Single(told).Code);
        await using var manager = await workspace.OpenAsync();
        Assert.Empty(manager.Verify(deep: true).Problems);
    }

    private static async Task FillAsync(string disk)
    {
        var root = Directory.CreateDirectory(Path.Combine(disk, "work")).FullName;
        var options = new SnapshotOptions { StoreHome = Path.Combine(disk, "stores") };
        await using var manager = (await SnapshotManager.InitAsync(root, options)).Manager;
        await WriteTwoStatesAsync(root, manager);
        Shell.Run(disk, "cat /dev/zero > filler 2> /dev/null || true");

        var tree = Manifest.OfTree(root);
        var head = manager.Head;
        var ending = await EndOfAsync(() => manager.RollbackAsync(new SnapshotNumber(2)));
        Assert.True(ending is ErrorCode.DiskFull or null, $"{ending}");
        Assert.Equal(tree, Manifest.OfTree(root));
        Assert.Equal("", Shell.Run(root, "find . -name '.~sp-*'"));
        Assert.Equal(head, manager.Head);
        await manager.FinishInterruptedAsync();
        Assert.Null(manager.Recovered); // the journal does not hold what was taken back

        Shell.Run(disk, "rm filler; truncate -s 0 work/large; head -c 4000000 /dev/urandom > work/large; cat /dev/zero > filler 2> /dev/null || true");
        tree = Manifest.OfTree(root);
        var refusal = await Assert.ThrowsAsync<SavepointException>(() => manager.CaptureAsync());
        Assert.Equal(ErrorCode.DiskFull, refusal.Code);
        Assert.Equal(tree, Manifest.OfTree(root));
        Assert.Equal(head, manager.Head);

        Shell.Run(disk, "rm filler");
        Assert.NotNull((await manager.CaptureAsync()).Snapshot);
        Assert.Equal(RestoreEnding.Restored, (await manager.RollbackAsync(new SnapshotNumber(2))).Ending);
        Assert.Empty(manager.Verify(deep: true).Problems);
    }

    /// <summary>The error it ended with; null if it ended as a restore that failed and was taken back.</summary>
    private static async Task<ErrorCode?> EndOfAsync(Func<Task<RestoreResult>> restore)
    {
        try
        {
            Assert.Equal(RestoreEnding.Failed, (await restore()).Ending);
            return null;
        }
        catch (SavepointException e)
        {
            return e.Code;
        }
    }

    private static async Task<IReadOnlyList<string>> RunLimitedAsync(string scenario, Workspace workspace, params string[] arguments)
    {
        using var child = ChildProcess.StartThrough(Limited, scenario, [workspace.Root, workspace.Options.StoreHome, .. arguments]);
        return await child.EndAsync();
    }

    private static async Task MakeTwoStatesAsync(Workspace workspace)
    {
        workspace.Write("large", new byte[LargeBytes]); // compresses to nothing, so that the store has room and the tree has not
        workspace.Write("small", "text");
        await using var manager = await workspace.InitAsync();
        workspace.Write("large", "gone");
        workspace.Write("small", "changed");
        workspace.Write("added", "added");
        await manager.CaptureAsync();
    }

    private static async Task WriteTwoStatesAsync(string root, SnapshotManager manager)
    {
        foreach (var (large, small) in new[] { (new byte[LargeBytes], "text"), ([1], "changed") })
        {
            await File.WriteAllBytesAsync(Path.Combine(root, "large"), large);
            await File.WriteAllTextAsync(Path.Combine(root, "small"), small.ToString(CultureInfo.InvariantCulture));
            await manager.CaptureAsync();
        }
    }

    private static byte[] Noise(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private sealed class Heard(List<SavepointException> told) : IProgress<SavepointException>
    {
        public void Report(SavepointException value)
        {
            lock (told)
            {
                told.Add(value);
            }
        }
    }

    /// <summary>A file system of 24 MB, which only the superuser can mount.</summary>
    private sealed class SmallDisk : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public SmallDisk()
        {
            Root = Directory.CreateDirectory(_folder["disk"]).FullName;
            Shell.Run(Root, "mount -t tmpfs -o size=24m none .");
        }

        public string Root { get; }

        public void Dispose()
        {
            // At once, even while a process that another test is just starting still has our open files.
            Shell.Run(_folder.Path, "umount -l disk");
            _folder.Dispose();
        }
    }
}
