using System.Globalization;
using Savepoint.Model;
using Savepoint.Tests.Fidelity;
using Savepoint.Tests.Workspaces;
using Xunit;

namespace Savepoint.Tests.Storage;

/// <summary>What many processes, sudden deaths and foreign stores must not do to a history.</summary>
public sealed class DurabilityTests
{
    [Fact]
    public async Task A_capture_that_returned_survives_the_kill_of_its_process()
    {
        using var workspace = new Workspace();
        await (await workspace.InitAsync()).DisposeAsync();
        for (var i = 1; i <= 5; i++)
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"version {i}");
            using var child = ChildProcess.Start("capture and wait", workspace.Root, workspace.Options.StoreHome, "file.txt", text);
            var number = new SnapshotNumber(long.Parse((await child.HearAsync())!, CultureInfo.InvariantCulture));
            child.Kill();

            await using var manager = await workspace.OpenAsync();
            Assert.Equal(number, manager.Head);
            var state = manager.StateAt(number, WorkspacePath.Parse("file.txt"));
            Assert.Equal(text, System.Text.Encoding.UTF8.GetString(manager.Contents.Read(state.ContentId!.Value)));
            Assert.Empty(manager.Verify(deep: true).Problems);
        }
    }

    [Fact]
    public async Task Processes_that_capture_one_change_at_once_make_one_snapshot()
    {
        using var workspace = new Workspace();
        await using var manager = await workspace.InitAsync();
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 20; i++)
            {
                workspace.Write($"file-{i}", $"round {round}");
            }

            var before = manager.Head!.Value.Value;
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ChildProcess.RunAsync("capture", workspace.Root, workspace.Options.StoreHome)));

            Assert.Equal(before + 1, manager.Head!.Value.Value);
        }

        Assert.Empty(manager.Verify().Problems);
    }

    [Fact]
    public async Task Processes_that_edit_different_files_at_once_lose_nothing()
    {
        const int ProcessCount = 4;
        const int EditCount = 25;
        using var workspace = new Workspace();
        await using var manager = await workspace.InitAsync();

        await Task.WhenAll(Enumerable.Range(0, ProcessCount).Select(i => ChildProcess.RunAsync(
            "edit", workspace.Root, workspace.Options.StoreHome, $"file-{i}", EditCount.ToString(CultureInfo.InvariantCulture))));

        Assert.Equal(1 + (ProcessCount * EditCount), manager.Head!.Value.Value);
        for (var i = 0; i < ProcessCount; i++)
        {
            var path = WorkspacePath.Parse($"file-{i}");
            var versions = Enumerable.Range(1, (int)manager.Head!.Value.Value).Select(number => manager.StateAt(new SnapshotNumber(number), path)).OfType<FileState.Regular>().Select(state => state.Content).Distinct();
            Assert.Equal(EditCount, versions.Count());
        }

        Assert.Empty(manager.Verify().Problems);
    }

    [Fact]
    public async Task Threads_that_edit_at_once_lose_nothing()
    {
        const int ThreadCount = 8;
        const int EditCount = 10;
        using var workspace = new Workspace();
        await using var manager = await workspace.InitAsync();

        await Parallel.ForAsync(0, ThreadCount, new ParallelOptions { MaxDegreeOfParallelism = ThreadCount }, async (i, cancellation) =>
        {
            for (var edit = 0; edit < EditCount; edit++)
            {
                var pending = await manager.BeginEditAsync(Workspace.Paths($"folder/file-{i}"), cancellationToken: cancellation);
                workspace.Write($"folder/file-{i}", $"edit {edit}");
                var result = await pending.CommitAsync(cancellation);
                Assert.NotNull(result.Snapshot);
            }
        });

        Assert.InRange(manager.Head!.Value.Value, 1 + (ThreadCount * EditCount), 2 + (ThreadCount * EditCount));
        Assert.Empty(manager.Verify().Problems);
    }

    [Fact]
    public async Task Processes_that_begin_to_track_at_once_share_one_history()
    {
        using var workspace = new Workspace();
        workspace.Write("file", "text");

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ChildProcess.RunAsync("init", workspace.Root, workspace.Options.StoreHome)));

        Assert.Single(Directory.EnumerateDirectories(workspace.Options.StoreHome));
        await using var manager = await workspace.OpenAsync();
        Assert.Equal(1, manager.Head!.Value.Value);
        Assert.Empty(manager.Verify(deep: true).Problems);
    }

    [Fact]
    public async Task A_store_whose_making_was_cut_short_is_made_again()
    {
        using var workspace = new Workspace();
        workspace.Write("file", "text");
        string store;
        await using (var manager = await workspace.InitAsync())
        {
            store = manager.StoreDirectory;
        }

        foreach (var file in Directory.EnumerateFiles(store, "store.db*").Concat(Savepoint.Storage.StoreFiles.Indexes(store)))
        {
            File.Delete(file);
        }

        await File.WriteAllBytesAsync(Path.Combine(store, "store.db"), []);

        await using var again = await workspace.InitAsync();
        Assert.Equal(1, again.Head!.Value.Value);
    }

    [Fact]
    public async Task A_store_of_a_newer_format_is_refused_and_left_alone()
    {
        using var workspace = new Workspace();
        string database;
        await using (var manager = await workspace.InitAsync())
        {
            database = Path.Combine(manager.StoreDirectory, "store.db");
        }

        Sql.Execute(database, "PRAGMA user_version = 1000");
        var bytes = await File.ReadAllBytesAsync(database);

        var refusal = await Assert.ThrowsAsync<SavepointException>(workspace.OpenAsync);

        Assert.Equal(ErrorCode.NewerFormat, refusal.Code);
        Assert.Contains("1000", refusal.Message);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(database));
    }

    [Fact]
    public async Task A_change_that_was_scanned_but_not_committed_is_recorded_by_the_next_capture()
    {
        using var folder = new TemporaryFolder();
        var root = Directory.CreateDirectory(folder["work"]).FullName;
        var options = new SnapshotOptions { StoreHome = folder["stores"] };
        await File.WriteAllTextAsync(Path.Combine(root, "file"), "one");
        await using var manager = (await SnapshotManager.InitAsync(root, options)).Manager;
        var database = Path.Combine(manager.StoreDirectory, "store.db");
        await File.WriteAllTextAsync(Path.Combine(root, "file"), "two");
        File.SetLastWriteTimeUtc(Path.Combine(root, "file"), DateTime.UnixEpoch);
        Shell.Run(root, "until [ $(($(date +%s%N) - $(stat -c %.9Z file | tr -d .))) -gt 100000000 ]; do :; done"); // the index trusts no younger file

        Sql.Execute(database, "CREATE TRIGGER full BEFORE INSERT ON snapshots BEGIN SELECT RAISE(ABORT, 'no room'); END");
        await Assert.ThrowsAsync<SavepointException>(() => manager.CaptureAsync());
        Sql.Execute(database, "DROP TRIGGER full");
        await using var other = await SnapshotManager.OpenAsync(root, options);
        var result = await other.CaptureAsync();

        Assert.Equal("file", Assert.Single(result.Snapshot!.Changes).Path.ToString());
        Assert.Empty(other.Verify().Problems);
    }
}
