using System.Runtime.Versioning;
using Savepoint.Model;
using Savepoint.Storage;
using Savepoint.Workspaces;
using Savepoint.Workspaces.Scanning;
using Xunit;

namespace Savepoint.Tests.Branches;

/// <summary>A working copy holds what its snapshot holds, whatever is written to the workspace between the capture and the copying, and knows it.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class CopiedWhileWrittenTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData(Isolation.Copy)]
    [InlineData(null)]
    public async Task What_is_written_after_the_capture_is_not_in_the_copy(Isolation? isolation)
    {
        _workspace.Write(".gitignore", "out/\n");
        _workspace.Write("out/built", "ignored\n");
        foreach (var name in (string[])["edited", "deleted", "replaced", "closed/inner", "dir/a", "dir/b"])
        {
            _workspace.Write(name, $"{name}, recorded\n");
        }

        File.CreateSymbolicLink(_workspace.At("link"), "edited");
        await using var manager = await _workspace.InitAsync();
        var written = File.GetLastWriteTimeUtc(_workspace.At("edited"));
        _workspace.Write("edited", "EDITED, recorded\n"); // of the same length and time: only the system's own stamp tells
        File.SetLastWriteTimeUtc(_workspace.At("edited"), written);
        File.Delete(_workspace.At("deleted"));
        File.Delete(_workspace.At("replaced"));
        _workspace.Write("replaced/by", "a directory\n");
        Directory.Delete(_workspace.At("dir"), recursive: true);
        _workspace.Write("dir", "a file\n");
        _workspace.Write("added/file", "new\n");
        _workspace.Write("added/out/built", "ignored, in a directory that no snapshot has\n");
        File.Delete(_workspace.At("link"));
        File.CreateSymbolicLink(_workspace.At("link"), "elsewhere");
        File.SetUnixFileMode(_workspace.At("closed/inner"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.SetUnixFileMode(_workspace.At("closed"), UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var mark = manager.BeginTrial("trial");
        await manager.CreateTrialBranchAsync("trial/one", new SnapshotNumber(1), isolation, mark, isOfWholeTree: true, TestContext.Current.CancellationToken);

        await using var copy = await manager.OpenWorkingCopyAsync("trial/one");
        var command = await copy.RunAsync(CommandStart.Shell("""
            grep -q '^edited' edited && test -f deleted && test -f replaced && test -f dir/a && test -f dir/b && test ! -e added/file &&
            test "$(readlink link)" = edited && test ! -x closed/inner && test -w closed && grep -q ignored out/built added/out/built
            """));
        Assert.Equal(0, command.ExitCode);
        var left = (await copy.Manager.CaptureAsync()).Snapshot?.Changes ?? [];
        Assert.All(left, change => Assert.Equal("added", change.Path.ToString())); // a directory stays where ignored files are in it
        Assert.Equal("EDITED, recorded\n", _workspace.Read("edited"));
    }

    [Fact]
    public async Task A_copy_made_while_files_are_written_is_that_of_its_snapshot()
    {
        for (var i = 0; i < 300; i++)
        {
            _workspace.Write($"d{i % 10}/f{i}", $"{i}\n");
        }

        await using var manager = await _workspace.InitAsync();
        using var stop = new CancellationTokenSource();
        var writer = Task.Run(() => WriteUntil(stop.Token), TestContext.Current.CancellationToken);
        for (var round = 0; round < 8; round++)
        {
            var made = await manager.CreateBranchAsync($"copy{round}");
            AssertIsHead(manager, made.Branch);
        }

        await stop.CancelAsync();
        await writer;
    }

    [Fact]
    public async Task A_copy_knows_its_files_without_reading_them_and_sees_every_change_of_them()
    {
        _workspace.Write("file", "1\n");
        _workspace.Write("dir/inner", "2\n");
        await using var manager = await _workspace.InitAsync();
        var made = await manager.CreateBranchAsync("idea");
        var folder = Assert.Single(BranchFolders.All(manager.StoreDirectory));

        var index = ScanIndexFile.Load(Path.Combine(folder, "index"));

        Assert.Equal((1L, 3), (index.Head.Number, index.EntryCount));
        Assert.Equal(manager.StateAt(new SnapshotNumber(1), WorkspacePath.Parse("dir/inner")), index.Find(WorkspacePath.Parse("dir/inner"))?.ToState());
        var file = Path.Combine(made.Branch.Directory!, "dir/inner");
        var written = File.GetLastWriteTimeUtc(file);
        File.WriteAllText(file, "3\n");
        File.SetLastWriteTimeUtc(file, written);
        await using var copy = await SnapshotManager.OpenAsync(made.Branch.Directory!, _workspace.Options);
        Assert.Equal("dir/inner", Assert.Single((await copy.CaptureAsync()).Snapshot!.Changes).Path.ToString());
    }

    [Fact]
    public async Task What_the_capture_did_not_come_to_stays_in_the_copy_and_is_recorded_there()
    {
        _workspace.Write("file", "1\n");
        await using var manager = await _workspace.InitAsync();
        _workspace.Write("unrecorded", "x\n");

        var mark = manager.BeginTrial("trial");
        await manager.CreateTrialBranchAsync("trial/one", new SnapshotNumber(1), Isolation.Copy, mark, isOfWholeTree: false, TestContext.Current.CancellationToken);

        await using var copy = await manager.OpenBranchAsync("trial/one");
        Assert.Equal("unrecorded", Assert.Single((await copy.CaptureAsync()).Snapshot!.Changes).Path.ToString());
    }

    /// <summary>Every file of the copy is read, whatever an index says of it.</summary>
    private static void AssertIsHead(SnapshotManager manager, BranchSummary branch)
    {
        using var tree = WorkspaceTree.Open(branch.Directory!);
        var files = Directory.EnumerateFiles(branch.Directory!, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(branch.Directory!, file)).Order(StringComparer.Ordinal);
        var recorded = manager.TreeAt(branch.Head).Where(pair => pair.Value is FileState.Regular).ToDictionary(pair => pair.Key.ToString(), pair => pair.Value.ContentId!.Value);
        Assert.Equal(recorded.Keys.Order(StringComparer.Ordinal), files);
        Assert.All(recorded, pair => Assert.Equal(pair.Value, ContentId.Of(File.ReadAllBytes(Path.Combine(branch.Directory!, pair.Key)))));
    }

    // Edits in place, replacements, files that come and go; now and then with the time of before.
    private void WriteUntil(CancellationToken stop)
    {
        var random = new Random(7);
        for (var step = 0; !stop.IsCancellationRequested; step++)
        {
            var i = random.Next(300);
            var path = $"d{i % 10}/f{i}";
            switch (random.Next(4))
            {
                case 0 when File.Exists(_workspace.At(path)):
                    var written = File.GetLastWriteTimeUtc(_workspace.At(path));
                    _workspace.Write(path, $"{step % 10}\n");
                    File.SetLastWriteTimeUtc(_workspace.At(path), written);
                    break;
                case 1:
                    _workspace.Write($"{path}.new", $"replaced {step}\n");
                    File.Move(_workspace.At($"{path}.new"), _workspace.At(path), overwrite: true);
                    break;
                case 2:
                    File.Delete(_workspace.At(path));
                    break;
                default:
                    _workspace.Write(path, $"written {step}\n");
                    break;
            }
        }
    }
}
