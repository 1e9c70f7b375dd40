using System.Runtime.Versioning;
using Savepoint.Events;
using Savepoint.Model;
using Savepoint.Storage;
using Xunit;

namespace Savepoint.Tests.Branches;

/// <summary>Branches and their working copies: what a copy has, that it is one, and what becomes of it.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class BranchTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task A_copy_has_all_that_the_workspace_has_and_its_writes_never_reach_it()
    {
        _workspace.Write(".gitignore", "node_modules/\n.env\n");
        _workspace.Write("src/app.cs", "one\n");
        _workspace.Write("node_modules/left-pad/index.js", "pad\n");
        _workspace.Write(".env", "KEY=1\n");
        Directory.CreateDirectory(_workspace.At("empty"));
        File.CreateSymbolicLink(_workspace.At("link"), "src/app.cs");
        File.SetUnixFileMode(_workspace.At("src/app.cs"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var written = new DateTime(2020, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(_workspace.At("src/app.cs"), written);
        await using var manager = await _workspace.InitAsync();

        var made = await manager.CreateBranchAsync("idea");

        var copy = made.Branch.Directory!;
        Assert.Equal("one\n", File.ReadAllText(Path.Combine(copy, "src/app.cs")));
        Assert.Equal("pad\n", File.ReadAllText(Path.Combine(copy, "node_modules/left-pad/index.js")));
        Assert.Equal("KEY=1\n", File.ReadAllText(Path.Combine(copy, ".env")));
        Assert.True(Directory.Exists(Path.Combine(copy, "empty")));
        Assert.Equal("src/app.cs", new FileInfo(Path.Combine(copy, "link")).LinkTarget);
        Assert.Equal(written, File.GetLastWriteTimeUtc(Path.Combine(copy, "src/app.cs")));
        Assert.True(File.GetUnixFileMode(Path.Combine(copy, "src/app.cs")).HasFlag(UnixFileMode.UserExecute));

        File.WriteAllText(Path.Combine(copy, "link"), "two\n");
        File.AppendAllText(Path.Combine(copy, ".env"), "more\n");
        Assert.Equal(("one\n", "KEY=1\n"), (_workspace.Read("src/app.cs"), _workspace.Read(".env")));
        Assert.Null((await manager.CaptureAsync()).Snapshot);
    }

    [Fact]
    public async Task A_copy_is_worked_on_as_the_workspace_is_with_a_head_of_its_own()
    {
        _workspace.Write("file", "1\n");
        await using var manager = await _workspace.InitAsync();
        var made = await manager.CreateBranchAsync("idea");
        await using var copy = await SnapshotManager.OpenAsync(made.Branch.Directory!, _workspace.Options);
        Assert.Equal(("idea", manager.Head), (copy.Branch, copy.Head));
        Assert.Null((await copy.CaptureAsync()).Snapshot);

        File.WriteAllText(Path.Combine(copy.Root, "file"), "2\n");
        var inCopy = (await copy.CaptureAsync()).Snapshot!;
        _workspace.Write("other", "x\n");
        var inWorkspace = (await manager.CaptureAsync()).Snapshot!;

        Assert.Equal((new SnapshotNumber(2), new SnapshotNumber(1), "idea"), (inCopy.Number, inCopy.Parent!.Value, inCopy.Branch));
        Assert.Equal((new SnapshotNumber(3), new SnapshotNumber(1), "main"), (inWorkspace.Number, inWorkspace.Parent!.Value, inWorkspace.Branch));
        Assert.Equal(inCopy.Number, manager.Resolve(Revision.Parse("idea")));
        Assert.Equal("2\n", System.Text.Encoding.UTF8.GetString(manager.Contents.Read(manager.StateAt(inCopy.Number, WorkspacePath.Parse("file")).ContentId!.Value)));

        var undone = await copy.UndoAsync();
        Assert.Equal((RestoreEnding.Restored, "1\n", "1\n"), (undone.Ending, File.ReadAllText(Path.Combine(copy.Root, "file")), _workspace.Read("file")));
        Assert.Empty(manager.Verify(deep: true).Problems);
    }

    [Fact]
    public async Task A_branch_of_a_deleted_ones_name_inherits_no_restore_of_it()
    {
        _workspace.Write("file", "1\n");
        await using var manager = await _workspace.InitAsync();
        var made = await manager.CreateBranchAsync("idea");
        var database = Path.Combine(manager.StoreDirectory, StoreFiles.Database);
        Storage.Sql.Execute(database, "INSERT INTO restores (id, branch, kind, time, redoable) VALUES (7, 'idea', 2, 1, 0); INSERT INTO restore_steps (restore, step, path, before_state, after_state) VALUES (7, 0, 'file', 4516, 0)");
        Directory.Delete(made.Branch.Directory!, recursive: true); // the restore has died, and the copy went with it

        await manager.DeleteBranchAsync("idea");

        Assert.Equal(0, Storage.Sql.Scalar(database, "SELECT (SELECT count(*) FROM restores) + (SELECT count(*) FROM restore_steps)"));
        await using var again = await SnapshotManager.OpenAsync((await manager.CreateBranchAsync("idea")).Branch.Directory!, _workspace.Options);
        Assert.Equal("1\n", File.ReadAllText(Path.Combine(again.Root, "file")));
    }

    [Fact]
    public async Task A_branch_from_an_earlier_state_has_that_and_the_ignored_files_of_now()
    {
        _workspace.Write(".gitignore", "out/\n");
        _workspace.Write("a", "first\n");
        _workspace.Write("gone", "was here\n");
        await using var manager = await _workspace.InitAsync();
        _workspace.Write("a", "second\n");
        File.Delete(_workspace.At("gone"));
        _workspace.Write("new/file", "new\n");
        _workspace.Write("out/built", "binary\n");

        var made = await manager.CreateBranchAsync("earlier", new SnapshotNumber(1));

        string At(string path) => Path.Combine(made.Branch.Directory!, path);
        Assert.Equal(new SnapshotNumber(2), made.Captured);
        Assert.Equal(("first\n", "was here\n", "binary\n"), (File.ReadAllText(At("a")), File.ReadAllText(At("gone")), File.ReadAllText(At("out/built"))));
        Assert.False(Path.Exists(At("new")));
        await using var copy = await SnapshotManager.OpenAsync(made.Branch.Directory!, _workspace.Options);
        Assert.Null((await copy.CaptureAsync()).Snapshot);
    }

    [Fact]
    public async Task A_branch_from_an_earlier_state_has_nothing_of_later_though_something_cannot_be_recorded()
    {
        _workspace.Options = _workspace.Options with { MaxFileBytes = 100 };
        _workspace.Write("large", new string('x', 1000));
        await using var manager = await _workspace.InitAsync();
        _workspace.Write("later", "later\n");

        var made = await manager.CreateBranchAsync("earlier", new SnapshotNumber(1));

        Assert.False(Path.Exists(Path.Combine(made.Branch.Directory!, "later")));
        Assert.True(Path.Exists(Path.Combine(made.Branch.Directory!, "large")));
    }

    [Fact]
    public async Task A_worktreeinclude_chooses_among_ignored_files()
    {
        _workspace.Write(".gitignore", "cache/\n.env*\nkept-though-ignored\n");
        _workspace.Write(".worktreeinclude", ".env\ncache/wanted/\n!.env.local\n");
        _workspace.Write("file", "1\n");
        _workspace.Write(".env", "E\n");
        _workspace.Write(".env.local", "L\n");
        _workspace.Write("cache/wanted/a", "a\n");
        _workspace.Write("cache/other/b", "b\n");
        _workspace.Write("kept-though-ignored", "k\n");
        await using var manager = await _workspace.InitAsync();
        await manager.CaptureAsync(Workspace.Paths("kept-though-ignored"));

        var made = await manager.CreateBranchAsync("idea");

        bool IsThere(string path) => Path.Exists(Path.Combine(made.Branch.Directory!, path));
        Assert.Equal((true, true, true, true), (IsThere("file"), IsThere(".env"), IsThere("cache/wanted/a"), IsThere("kept-though-ignored")));
        Assert.Equal((false, false), (IsThere(".env.local"), IsThere("cache/other")));
        await using var copy = await SnapshotManager.OpenAsync(made.Branch.Directory!, _workspace.Options);
        Assert.Null((await copy.CaptureAsync()).Snapshot);
    }

    [Fact]
    public async Task Gits_own_directory_is_left_out_and_its_rules_hold_in_the_copy()
    {
        Fidelity.Shell.Run(_workspace.Root, "git init -q . && echo secret > .git/info/exclude && echo x > secret && echo tracked > tracked");
        await using var manager = await _workspace.InitAsync();

        var made = await manager.CreateBranchAsync("idea");

        Assert.False(Path.Exists(Path.Combine(made.Branch.Directory!, ".git")));
        Assert.Equal("x\n", File.ReadAllText(Path.Combine(made.Branch.Directory!, "secret")));
        await using var copy = await SnapshotManager.OpenAsync(made.Branch.Directory!, _workspace.Options);
        Assert.Null((await copy.CaptureAsync()).Snapshot);
    }

    [Fact]
    public async Task Links_into_the_workspace_lead_into_the_copy_if_they_are_ignored_and_are_named_if_not()
    {
        _workspace.Write(".gitignore", "bin/\n");
        _workspace.Write("file", "1\n");
        Directory.CreateDirectory(_workspace.At("bin"));
        File.CreateSymbolicLink(_workspace.At("bin/tool"), _workspace.At("file"));
        File.CreateSymbolicLink(_workspace.At("absolute"), _workspace.At("file"));
        await using var manager = await _workspace.InitAsync();

        var made = await manager.CreateBranchAsync("idea");

        File.WriteAllText(Path.Combine(made.Branch.Directory!, "bin/tool"), "2\n");
        Assert.Equal(("1\n", "2\n"), (_workspace.Read("file"), File.ReadAllText(Path.Combine(made.Branch.Directory!, "file"))));
        Assert.Equal(("bin/tool", "absolute"), (Assert.Single(made.Retargeted).ToString(), Assert.Single(made.LeadingBack).ToString()));
    }

    [Fact]
    public async Task Deleting_a_branch_frees_its_folder_keeps_its_history_and_frees_its_name()
    {
        _workspace.Write("file", "1\n");
        await using var manager = await _workspace.InitAsync();
        var made = await manager.CreateBranchAsync("idea");
        var directory = made.Branch.Directory!;
        File.WriteAllText(Path.Combine(directory, "file"), "unrecorded\n");
        Directory.CreateDirectory(Path.Combine(directory, "closed/inner"));
        File.SetUnixFileMode(Path.Combine(directory, "closed"), UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var deleted = await manager.DeleteBranchAsync("idea");

        Assert.False(Path.Exists(directory));
        Assert.Equal(["main"], manager.Branches().Select(branch => branch.Name));
        Assert.Equal("unrecorded\n", System.Text.Encoding.UTF8.GetString(manager.Contents.Read(manager.StateAt(deleted.Captured!.Value, WorkspacePath.Parse("file")).ContentId!.Value)));
        Assert.Equal(deleted.Captured, manager.Resolve(Revision.Parse("idea")));

        var again = await manager.CreateBranchAsync("idea");
        Assert.Equal("1\n", File.ReadAllText(Path.Combine(again.Branch.Directory!, "file")));
        Assert.Equal(manager.Head, manager.Resolve(Revision.Parse("idea")));
        Assert.Empty(manager.Verify(deep: true).Problems);
    }

    [Fact]
    public async Task A_copy_that_holds_what_cannot_be_recorded_is_only_deleted_by_force()
    {
        _workspace.Write("large-here-too", new byte[2000]);
        _workspace.Options = _workspace.Options with { MaxFileBytes = 1000 };
        await using var manager = await _workspace.InitAsync();
        var directory = (await manager.CreateBranchAsync("idea")).Branch.Directory!;
        File.WriteAllBytes(Path.Combine(directory, "large"), new byte[2000]);
        File.WriteAllText(Path.Combine(directory, "small"), "1\n");

        var refusal = await Assert.ThrowsAsync<SavepointException>(() => manager.DeleteBranchAsync("idea"));

        Assert.EndsWith(": large.", refusal.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(directory, "large")));
        var deleted = await manager.DeleteBranchAsync("idea", force: true);
        Assert.Equal(Workspace.Paths("large"), deleted.Unrecorded.Select(skipped => skipped.Path));
        Assert.False(Path.Exists(directory));
    }

    [Fact]
    public async Task What_a_dead_trial_left_and_somebody_holds_keeps_nobody_from_opening_and_goes_later()
    {
        _workspace.Write("file", "1\n");
        await using var manager = await _workspace.InitAsync();
        var made = await manager.CreateBranchAsync("try-7/one");
        Storage.Sql.Execute(Path.Combine(manager.StoreDirectory, "store.db"), "INSERT INTO trials (prefix, process, process_start) VALUES ('try-7', 1, 1)");
        var folder = Directory.GetDirectories(Path.Combine(manager.StoreDirectory, "branches")).Single();

        using (await WorkspaceLock.SharedAsync(folder, TimeProvider.System, TestContext.Current.CancellationToken))
        {
            await (await _workspace.OpenAsync()).DisposeAsync();
            Assert.True(Directory.Exists(made.Branch.Directory));
        }

        Storage.Sql.Execute(Path.Combine(manager.StoreDirectory, "store.db"), "UPDATE trials SET process_start = 1"); // the opener's process is gone, too
        await (await _workspace.OpenAsync()).DisposeAsync();
        Assert.False(Directory.Exists(made.Branch.Directory));
        Assert.Equal(0, Storage.Sql.Scalar(Path.Combine(manager.StoreDirectory, "store.db"), "SELECT count(*) FROM trials"));
    }

    [Fact]
    public async Task Letting_go_twice_is_letting_go_once()
    {
        _workspace.Write("file", "1\n");
        await using var manager = await _workspace.InitAsync();
        await manager.CreateBranchAsync("idea");

        var copy = await manager.OpenWorkingCopyAsync("idea", TestContext.Current.CancellationToken);

        await copy.DisposeAsync();
        await copy.DisposeAsync();
        await copy.Manager.DisposeAsync();
    }

    [Fact]
    public async Task A_copy_may_be_wanted_elsewhere_and_moved()
    {
        _workspace.Write("file", "1\n");
        await using var manager = await _workspace.InitAsync();
        var wanted = Path.Combine(_workspace.Scratch, "elsewhere", "copy");

        var made = await manager.CreateBranchAsync("idea", options: new BranchOptions { Directory = wanted });
        var moved = Path.Combine(_workspace.Scratch, "moved");
        Directory.Move(made.Branch.Directory!, moved);
        await using (var copy = await SnapshotManager.OpenAsync(moved, _workspace.Options))
        {
            Assert.Equal("idea", copy.Branch);
        }

        Assert.Equal(moved, manager.Branches()[1].Directory);
        await manager.DeleteBranchAsync("idea");
        Assert.False(Path.Exists(moved));
    }

    [Theory]
    [InlineData("main")]
    [InlineData("42")]
    [InlineData("a\tb")]
    [InlineData("named")]
    [InlineData("idea")]
    public async Task A_name_that_is_taken_or_no_name_is_refused_and_nothing_is_left(string name)
    {
        _workspace.Write("file", "1\n");
        await using var manager = await _workspace.InitAsync();
        manager.AddLabel("named", manager.Head!.Value);
        await manager.CreateBranchAsync("idea");
        var copies = Directory.GetDirectories(Path.Combine(manager.StoreDirectory, "copies"));

        await Assert.ThrowsAsync<SavepointException>(() => manager.CreateBranchAsync(name));

        Assert.Equal(copies, Directory.GetDirectories(Path.Combine(manager.StoreDirectory, "copies")));
        Assert.Equal(["main", "idea"], manager.Branches().Select(branch => branch.Name));
    }

    [Fact]
    public async Task A_place_in_the_workspace_or_with_something_in_it_is_refused()
    {
        _workspace.Write("file", "1\n");
        await using var manager = await _workspace.InitAsync();
        var full = Path.Combine(_workspace.Scratch, "full");
        Directory.CreateDirectory(full);
        File.WriteAllText(Path.Combine(full, "precious"), "p");

        var side = Path.Combine(_workspace.Scratch, "side");
        await manager.CreateBranchAsync("side", options: new BranchOptions { Directory = side });

        foreach (var place in new[] { _workspace.At("inside"), full, manager.StoreDirectory, Path.Combine(side, "inside") })
        {
            await Assert.ThrowsAsync<SavepointException>(() => manager.CreateBranchAsync("idea", options: new BranchOptions { Directory = place }));
        }

        Assert.Equal("p", File.ReadAllText(Path.Combine(full, "precious")));
        Assert.Equal(["main", "side"], manager.Branches().Select(branch => branch.Name));
    }

    [Fact]
    public async Task A_restore_in_one_copy_waits_for_no_other_and_is_finished_only_there()
    {
        _workspace.Write("file", "1\n");
        await using var manager = await _workspace.InitAsync();
        var made = await manager.CreateBranchAsync("idea");
        await using var copy = await SnapshotManager.OpenAsync(made.Branch.Directory!, _workspace.Options);
        File.WriteAllText(Path.Combine(copy.Root, "file"), "2\n");
        await copy.CaptureAsync();

        using (await WorkspaceLock.ExclusiveAsync(manager.StoreDirectory, TimeProvider.System, TestContext.Current.CancellationToken))
        {
            Assert.Equal(RestoreEnding.Restored, (await copy.UndoAsync()).Ending);
        }
    }

    [Fact]
    public async Task What_is_made_and_merged_is_told_as_events()
    {
        _workspace.Write("file", "1\n");
        await using var manager = await _workspace.InitAsync();
        var made = await manager.CreateBranchAsync("idea");
        File.WriteAllText(Path.Combine(made.Branch.Directory!, "file"), "2\n");
        var merged = await manager.MergeBranchAsync("idea");

        var events = new List<SnapshotEvent>();
        await foreach (var happened in manager.EventsAsync())
        {
            events.Add(happened);
        }

        Assert.Equal(new SnapshotNumber(1), Assert.Single(events.OfType<BranchCreatedEvent>()).From);
        var told = Assert.Single(events.OfType<BranchMergedEvent>());
        Assert.Equal(("idea", "main", merged.Restore.Snapshot!.Value), (told.Branch, told.Into, told.Snapshot));
    }
}
