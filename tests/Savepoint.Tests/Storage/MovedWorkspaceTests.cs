using Savepoint.Model;
using Savepoint.Storage;
using Savepoint.Tests.Workspaces;
using Xunit;

namespace Savepoint.Tests.Storage;

/// <summary>A history belongs to a directory, not to its path.</summary>
public sealed class MovedWorkspaceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private SnapshotOptions Options => new() { StoreHome = _folder["stores"] };

    [Fact]
    public async Task A_moved_workspace_takes_its_history_along()
    {
        await TrackAsync("old", "text");
        Directory.Move(_folder["old"], _folder["new"]);

        await using var manager = await SnapshotManager.OpenAsync(_folder["new"], Options);

        Assert.Equal(2, manager.Head!.Value.Value);
        await manager.UndoAsync();
        Assert.Equal("before", await File.ReadAllTextAsync(_folder["new/file"]));
    }

    [Fact]
    public async Task Looking_for_a_workspace_finds_one_that_was_moved_and_writes_nothing()
    {
        await TrackAsync("old", "text");
        Directory.CreateDirectory(_folder["old/below"]);
        Directory.Move(_folder["old"], _folder["new"]);
        var record = Path.Combine(Directory.GetDirectories(_folder["stores"]).Single(), "workspace.json");
        var before = await File.ReadAllTextAsync(record);

        Assert.Equal(_folder["new"], SnapshotManager.FindWorkspace(_folder["new/below"], Options));
        Assert.Equal(before, await File.ReadAllTextAsync(record));

        await (await SnapshotManager.OpenAsync(_folder["new"], Options)).DisposeAsync();
        Assert.Contains(_folder["new"], await File.ReadAllTextAsync(record), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_moved_workspace_whose_history_is_kept_when_it_is_given_up_is_found_where_it_is()
    {
        await TrackAsync("old", "text");
        Directory.Move(_folder["old"], _folder["new"]);

        await SnapshotManager.UntrackAsync(_folder["new"], Options);

        Assert.Equal(_folder["new"], (await SnapshotManager.UntrackAsync(_folder["new"], Options, deleteHistory: true)).Root);
    }

    [Fact]
    public async Task A_history_is_given_to_another_tree_only_while_nobody_else_changes_which_is_whose()
    {
        await TrackAsync("old", "text");
        Directory.Delete(_folder["old"], recursive: true);
        Directory.CreateDirectory(_folder["new"]);
        using var patience = new CancellationTokenSource();
        using (await new StoreCatalog(_folder["stores"]).HoldAsync(TimeProvider.System, TestContext.Current.CancellationToken))
        {
            var adopting = SnapshotManager.AdoptAsync(_folder["new"], _folder["old"], Options, patience.Token);
            Assert.False(adopting.IsCompleted);
            await patience.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => adopting);
        }

        await using var adopted = await SnapshotManager.AdoptAsync(_folder["new"], _folder["old"], Options, TestContext.Current.CancellationToken);
        Assert.Equal(2, adopted.Head!.Value.Value);
    }

    [Fact]
    public async Task A_store_is_not_deleted_while_a_working_copy_of_its_branches_is_restored()
    {
        await TrackAsync("work", "text");
        string store;
        await using (var manager = await SnapshotManager.OpenAsync(_folder["work"], Options))
        {
            await manager.CreateBranchAsync("side", options: new BranchOptions { Isolation = Isolation.Copy });
            store = manager.StoreDirectory;
        }

        using var patience = new CancellationTokenSource();
        using (await WorkspaceLock.ExclusiveAsync(BranchFolders.All(store).Single(), TimeProvider.System, TestContext.Current.CancellationToken))
        {
            var deleting = SnapshotManager.UntrackAsync(_folder["work"], Options, deleteHistory: true, cancellationToken: patience.Token);
            Assert.False(deleting.IsCompleted);
            await patience.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => deleting);
        }

        Assert.True(File.Exists(Path.Combine(store, "store.db")));
        await SnapshotManager.UntrackAsync(_folder["work"], Options, deleteHistory: true, deleteCopies: true, TestContext.Current.CancellationToken);
        Assert.False(Directory.Exists(store));
    }

    [Fact]
    public async Task Another_tree_at_the_old_path_is_not_taken_for_it()
    {
        await TrackAsync("work", "text");
        Directory.Move(_folder["work"], _folder["aside"]);
        _folder.Write("work/other", "other");

        var refusal = await Assert.ThrowsAsync<SavepointException>(() => SnapshotManager.OpenAsync(_folder["work"], Options));
        Assert.Equal(ErrorCode.NotTracked, refusal.Code);
        await using var other = (await SnapshotManager.InitAsync(_folder["work"], Options)).Manager;
        await using var moved = await SnapshotManager.OpenAsync(_folder["aside"], Options);

        Assert.Equal(1, other.Head!.Value.Value);
        Assert.Equal(2, moved.Head!.Value.Value);
        Assert.NotEqual(other.StoreDirectory, moved.StoreDirectory);
    }

    [Fact]
    public async Task Two_workspaces_that_change_places_keep_their_own_histories()
    {
        await TrackAsync("one", "first");
        await TrackAsync("two", "second");
        Directory.Move(_folder["one"], _folder["between"]);
        Directory.Move(_folder["two"], _folder["one"]);
        Directory.Move(_folder["between"], _folder["two"]);

        for (var round = 0; round < 2; round++)
        {
            Assert.Equal("second", await RecordedAsync("one"));
            Assert.Equal("first", await RecordedAsync("two"));
        }
    }

    [Fact]
    public async Task A_link_to_the_root_leads_to_the_same_history()
    {
        await TrackAsync("work", "text");
        File.CreateSymbolicLink(_folder["link"], _folder["work"]);

        await using var manager = await SnapshotManager.OpenAsync(_folder["link"], Options);

        Assert.Equal(2, manager.Head!.Value.Value);
        Assert.EndsWith("/work", manager.Root, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_copy_adopts_the_history_of_a_tree_that_is_gone()
    {
        await TrackAsync("work", "text");
        _folder.Run("cp", "-a", "work", "copy");
        Directory.Delete(_folder["work"], recursive: true);
        await Assert.ThrowsAsync<SavepointException>(() => SnapshotManager.OpenAsync(_folder["copy"], Options));

        await using var manager = await SnapshotManager.AdoptAsync(_folder["copy"], _folder["work"], Options);

        Assert.Equal(2, manager.Head!.Value.Value);
        Assert.Equal(RestoreEnding.Restored, (await manager.RollbackAsync(new SnapshotNumber(1))).Ending);
        Assert.Equal("before", await File.ReadAllTextAsync(_folder["copy/file"]));
    }

    public void Dispose() => _folder.Dispose();

    private async Task TrackAsync(string name, string text)
    {
        _folder.Write($"{name}/file", "before");
        await using var manager = (await SnapshotManager.InitAsync(_folder[name], Options)).Manager;
        _folder.Write($"{name}/file", text);
        await manager.CaptureAsync();
    }

    private async Task<string> RecordedAsync(string name)
    {
        await using var manager = await SnapshotManager.OpenAsync(_folder[name], Options);
        var state = manager.StateAt(manager.Head!.Value, WorkspacePath.Parse("file"));
        return System.Text.Encoding.UTF8.GetString(manager.Contents.Read(state.ContentId!.Value));
    }
}
