using Savepoint.Model;
using Savepoint.Tests.Fidelity;
using Xunit;

namespace Savepoint.Tests.Restoring;

public sealed class RestoreEdgeTests
{
    [Fact]
    public async Task A_file_above_the_limit_that_a_rollback_overwrites_is_recorded_first()
    {
        using var workspace = new Workspace();
        workspace.Options = workspace.Options with { MaxFileBytes = 1000 };
        workspace.Write("file", "small");
        await using var manager = await workspace.InitAsync();
        workspace.Write("file", "medium");
        await manager.CaptureAsync();
        var large = new string('x', 5000);
        workspace.Write("file", large);

        var result = await manager.RollbackAsync(new SnapshotNumber(1));

        Assert.Equal(RestoreEnding.Restored, result.Ending);
        Assert.Equal("small", workspace.Read("file"));
        var drift = manager.StateAt(result.Drift!.Value, WorkspacePath.Parse("file"));
        Assert.Equal(5000, Assert.IsType<FileState.Regular>(drift).SizeBytes);
        await manager.UndoAsync();
        Assert.Equal(large, workspace.Read("file"));
    }

    [Fact]
    public async Task A_pipe_in_a_files_place_refuses_the_rollback_and_is_named()
    {
        using var workspace = new Workspace();
        workspace.Write("file", "one");
        workspace.Write("other", "one");
        await using var manager = await workspace.InitAsync();
        workspace.Write("other", "two");
        Shell.Run(workspace.Root, "rm file; mkfifo file");
        await manager.CaptureAsync();

        var result = await manager.RollbackAsync(new SnapshotNumber(1));

        Assert.Equal(RestoreEnding.Failed, result.Ending);
        Assert.Equal("file", Assert.Single(result.Files, file => file.Result == RestoreFileResult.Failed).Path.ToString());
        Assert.Equal("two", workspace.Read("other"));
        Shell.Run(workspace.Root, "test -p file; rm file");
        Assert.Equal(RestoreEnding.Restored, (await manager.RollbackAsync(new SnapshotNumber(1))).Ending);
        Assert.Equal("one", workspace.Read("other"));
    }

    [Fact]
    public async Task Ignored_files_in_a_folder_that_goes_are_kept_with_it()
    {
        using var workspace = new Workspace();
        workspace.Write(".gitignore", "*.log\n");
        await using var manager = await workspace.InitAsync();
        workspace.Write("folder/file", "text");
        workspace.Write("folder/trace.log", "ignored");
        await manager.CaptureAsync();

        var result = await manager.RollbackAsync(new SnapshotNumber(1));

        Assert.Equal(RestoreEnding.Restored, result.Ending);
        Assert.Equal("ignored", workspace.Read("folder/trace.log"));
        Assert.False(File.Exists(workspace.At("folder/file")));
        Assert.Contains(result.Files, file => file is { Action: RestoreAction.Rmdir, Result: RestoreFileResult.Unchanged });
    }

    [Fact]
    public async Task A_new_edit_after_an_undo_leaves_nothing_to_redo_and_the_old_line_reachable()
    {
        using var workspace = new Workspace();
        workspace.Write("file", "1");
        await using var manager = await workspace.InitAsync();
        workspace.Write("file", "2");
        await manager.CaptureAsync();
        await manager.UndoAsync();
        workspace.Write("file", "3");
        await manager.CaptureAsync();

        Assert.Equal(RestoreEnding.NothingToDo, (await manager.RedoAsync()).Ending);
        Assert.Equal("3", workspace.Read("file"));
        await manager.RollbackAsync(new SnapshotNumber(2));
        Assert.Equal("2", workspace.Read("file"));
    }
}
