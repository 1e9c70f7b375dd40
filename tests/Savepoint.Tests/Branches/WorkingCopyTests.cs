using Savepoint.Model;
using Savepoint.Storage;
using Xunit;

namespace Savepoint.Tests.Branches;

/// <summary>
/// Commands run in branches, in whatever form the system allows here; and in a copy, asked for. What they do is the branch's, and nothing of it
/// the workspace's.
/// </summary>
public sealed class WorkingCopyTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public WorkingCopyTests()
    {
        _workspace.Write(".gitignore", "out/\nkept\n");
        _workspace.Write("file", "1\n");
        _workspace.Write("dir/a", "a\n");
        _workspace.Write("dir/sub/b", "b\n");
        _workspace.Write("moving/c", "c\n");
        _workspace.Write("out/old", "old\n");
    }

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData(Isolation.Copy)]
    public async Task What_a_command_does_is_recorded_on_the_branch_and_nowhere_else(Isolation? isolation)
    {
        await using var manager = await _workspace.InitAsync();
        var made = await manager.CreateBranchAsync("idea", options: new BranchOptions { Isolation = isolation });
        Assert.Equal(made.Branch.Isolation == Isolation.Overlay, made.Branch.Directory is null);

        var snapshot = await RunAsync(manager, """
            echo 2 >> file; chmod 755 file; rm -r dir; mkdir dir; echo new > dir/new; mv moving moved
            ln -s file link; mkdir empty; echo x > out/new; rm out/old; echo k > kept; cat "$0" > /dev/null 2>&1; pwd > out/where
            """);

        Assert.Equal(
            ["A dir/new", "A empty", "A link", "A moved", "D dir/a", "D dir/sub", "D dir/sub/b", "D moving", "M file", "R moved/c"],
            snapshot.Changes.Select(Describe).Order(StringComparer.Ordinal));
        Assert.Equal(("1\n", "a\n", "old\n"), (_workspace.Read("file"), _workspace.Read("dir/a"), _workspace.Read("out/old")));
        Assert.False(Path.Exists(_workspace.At("out/new")) || Path.Exists(_workspace.At("moved")));
        Assert.Null((await manager.CaptureAsync()).Snapshot);

        var next = await RunAsync(manager, "cat out/new >> file; test ! -e out/old; test ! -e dir/sub; test -e dir/new; cat moved/c >> file; exit 3");
        Assert.Equal((3, "1\n2\nx\nc\n"), (next.ExitCode, TextAt(manager, next.Number, "file")));
        Assert.Empty(manager.Verify(deep: true).Problems);
    }

    [Fact]
    public async Task Branches_from_one_state_share_its_base_and_are_apart_from_each_other()
    {
        await using var manager = await _workspace.InitAsync();
        await Task.Delay(TimeSpan.FromMilliseconds(50)); // ignored files as young as the base might change unseen, so that it would be used once only
        var first = await manager.CreateBranchAsync("one", options: new BranchOptions { Isolation = null });
        var second = await manager.CreateBranchAsync("two", options: new BranchOptions { Isolation = null });

        await RunAsync(manager, "echo one > file", "one");
        await RunAsync(manager, "echo two > file", "two");

        Assert.Equal(("one\n", "two\n", "1\n"), (TextAt(manager, manager.Branches()[1].Head, "file"), TextAt(manager, manager.Branches()[2].Head, "file"), _workspace.Read("file")));
        if (first.Branch.Isolation == Isolation.Overlay)
        {
            Assert.Equal((true, 0L), (first.FileCount > 0, second.FileCount));
        }
        else
        {
            Assert.False(string.IsNullOrEmpty(first.Branch.Why)); // where there are no overlays, it is said why
        }
    }

    [Fact]
    public async Task A_merge_brings_what_ran_in_a_branch_and_clean_up_leaves_no_folder()
    {
        await using var manager = await _workspace.InitAsync();
        await manager.CreateBranchAsync("idea", options: new BranchOptions { Isolation = null });
        await RunAsync(manager, "echo better > file; echo built > out/new");

        var merged = await manager.MergeBranchAsync("idea");
        Assert.Equal((RestoreEnding.Restored, "better\n"), (merged.Restore.Ending, _workspace.Read("file")));
        Assert.False(Path.Exists(_workspace.At("out/new")));

        await manager.DeleteBranchAsync("idea");
        await manager.CleanUpAsync();
        Assert.All(BranchFolders.Names.Select(name => Path.Combine(manager.StoreDirectory, name)).Where(Directory.Exists), folder => Assert.Empty(Directory.GetDirectories(folder)));
        Assert.Empty(manager.Verify(deep: true).Problems);
    }

    [Fact]
    public async Task What_a_command_leaves_running_is_ended_and_its_time_is_limited()
    {
        await using var manager = await _workspace.InitAsync();
        await manager.CreateBranchAsync("idea", options: new BranchOptions { Isolation = null });
        await using var copy = await manager.OpenWorkingCopyAsync("idea");

        var ended = await copy.RunAsync(CommandStart.Shell("(sleep 1000; echo late > late) & echo $! > out/child; exit 5"));
        Assert.Equal((5, false), (ended.ExitCode, ended.IsTimedOut));
        var timed = await copy.RunAsync(CommandStart.Shell("sleep 1000"), TimeSpan.FromMilliseconds(50));
        Assert.Equal((true, 128 + 15), (timed.IsTimedOut, timed.ExitCode));
        var missing = await copy.RunAsync(new CommandStart { Arguments = ["no-such-program-at-all"u8.ToArray()] });
        Assert.Equal(127, missing.ExitCode);

        var asked = await copy.RunAsync(CommandStart.Shell("! grep -q '^State:[[:space:]]*[RSDT]' /proc/$(cat out/child)/status")); // a zombie has ended
        Assert.Equal(0, asked.ExitCode);
    }

    [Fact]
    public async Task Half_made_and_half_deleted_folders_are_reclaimed_by_the_next_opening()
    {
        string aside, ready;
        await using (var manager = await _workspace.InitAsync())
        {
            ready = (await manager.CreateBranchAsync("made")).Branch.Directory!;
            var other = (await manager.CreateBranchAsync("deleted")).Branch.Directory!;
            await manager.CreateBranchAsync("layered", options: new BranchOptions { Isolation = null });
            aside = Path.Combine(Path.GetDirectoryName(ready)!, ".~sp-0123456789abcdef");
            Directory.CreateDirectory(aside);
            File.WriteAllText(Path.Combine(aside, "half"), "x");

            // As a process leaves it that dies: its number is no living process'.
            var database = Path.Combine(manager.StoreDirectory, "store.db");
            Storage.Sql.Execute(database, $"UPDATE working_copies SET step = 0, aside = '{aside}', process = 1, process_start = -1 WHERE branch = 2");
            Storage.Sql.Execute(database, $"UPDATE working_copies SET step = 2, aside = '{other}.gone', process = 1, process_start = -1 WHERE branch = 3");
            Storage.Sql.Execute(database, "UPDATE working_copies SET step = 0, aside = directory || '.gone', process = 1, process_start = -1 WHERE branch = 4");
            Storage.Sql.Execute(database, "UPDATE frozen_bases SET step = 0, process = 1, process_start = -1");
        }

        await using var next = await _workspace.OpenAsync();

        Assert.False(Path.Exists(aside) || Path.Exists(ready));
        Assert.Equal(["main"], next.Branches().Select(branch => branch.Name));
        Assert.All(BranchFolders.Names.Select(name => Path.Combine(next.StoreDirectory, name)).Where(Directory.Exists), folder => Assert.Empty(Directory.GetDirectories(folder)));
        Assert.All(SnapshotManager.Stores(_workspace.Options), store => Assert.Equal(next.Root, store.Root));
    }

    [Fact]
    public async Task A_directory_that_somebody_put_where_a_half_made_copy_was_to_be_stays()
    {
        var place = Path.Combine(_workspace.Scratch, "copy");
        await using (var manager = await _workspace.InitAsync())
        {
            await manager.CreateBranchAsync("made", options: new BranchOptions { Directory = place });
            Storage.Sql.Execute(Path.Combine(manager.StoreDirectory, "store.db"), $"UPDATE working_copies SET step = 0, aside = '{place}.aside', process = 1, process_start = -1");
        }

        Directory.Move(place, place + ".moved");
        Directory.CreateDirectory(place);
        File.WriteAllText(Path.Combine(place, "precious"), "p");

        await using var next = await _workspace.OpenAsync();

        Assert.Equal("p", File.ReadAllText(Path.Combine(place, "precious")));
        Assert.Single(next.Branches());
    }

    [Fact]
    public async Task Clean_up_frees_a_deleted_branch_unless_something_leads_to_it()
    {
        await using var manager = await _workspace.InitAsync();
        foreach (var name in new[] { "lost", "merged", "labelled" })
        {
            await manager.CreateBranchAsync(name, options: new BranchOptions { Isolation = null });
            await RunAsync(manager, $"echo {name} > {name}", name);
        }

        await manager.MergeBranchAsync("merged");
        manager.AddLabel("a-name", manager.Resolve(Revision.Parse("labelled")));
        foreach (var name in new[] { "lost", "merged", "labelled" })
        {
            await manager.DeleteBranchAsync(name);
        }

        Assert.Equal(new SnapshotNumber(2), manager.Resolve(Revision.Parse("lost")));
        await manager.CleanUpAsync();

        Assert.Throws<SavepointException>(() => manager.Resolve(Revision.Parse("lost")));
        Assert.Throws<SavepointException>(() => manager.GetSnapshot(new SnapshotNumber(2)));
        Assert.Equal("labelled\n", TextAt(manager, manager.Resolve(Revision.Parse("a-name")), "labelled"));
        Assert.Equal(new SnapshotNumber(3), manager.Resolve(Revision.Parse("merged")));
        Assert.Empty(manager.Verify(deep: true).Problems);
    }

    private static async Task<Snapshot> RunAsync(SnapshotManager manager, string script, string branch = "idea")
    {
        await using var copy = await manager.OpenWorkingCopyAsync(branch);
        var pending = await copy.Manager.BeginCommandAsync();
        var end = await copy.RunAsync(CommandStart.Shell(script));
        return (await pending.CommitAsync(end.ExitCode, end.Duration)).Snapshot!;
    }

    private static string TextAt(SnapshotManager manager, SnapshotNumber at, string path) =>
        System.Text.Encoding.UTF8.GetString(manager.Contents.Read(manager.StateAt(at, WorkspacePath.Parse(path)).ContentId!.Value));

    private static string Describe(FileChange change) =>
        $"{(change.OldPath is not null ? "R" : change.Before.IsAbsent ? "A" : change.After.IsAbsent ? "D" : "M")} {change.Path}";
}
