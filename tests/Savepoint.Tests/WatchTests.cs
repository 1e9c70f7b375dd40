using Savepoint.Model;
using Savepoint.Tests.Fidelity;
using Savepoint.Workspaces.Watching;
using Xunit;

namespace Savepoint.Tests;

public sealed class WatchTests : IAsyncDisposable
{
    private readonly Workspace _workspace = new();
    private readonly List<SnapshotManager> _opened = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var manager in _opened)
        {
            await manager.DisposeAsync();
        }

        _workspace.Dispose();
    }

    [Fact]
    public async Task What_any_program_writes_is_recorded_and_its_state_is_exact()
    {
        var manager = await InitAsync();
        await using var watched = await Watched.StartAsync(_workspace);

        Shell.Run(_workspace.Root, "mkdir -p a/b && echo one > a/b/file && ln -s file a/b/link && mkdir a/empty && chmod 640 a/b/file && printf 'x' > \"$(printf 'caf\\351')\"; echo end > end");
        watched.Await("end");
        await watched.StopAsync();

        var manifest = Manifest.OfTree(_workspace.Root);
        Shell.Run(_workspace.Root, "rm -rf a end caf*");
        await manager.RollbackAsync(watched.Recorded[^1].Number);
        Assert.Equal(manifest, Manifest.OfTree(_workspace.Root));
        Shell.Run(_workspace.Root, "rm caf*"); // .NET could not
    }

    [Fact]
    public async Task What_happened_while_nobody_watched_comes_first()
    {
        await InitAsync();
        _workspace.Write("missed.txt", "x");

        await using var watched = await Watched.StartAsync(_workspace);

        Assert.Equal(2, watched.Await("missed.txt").Number.Value);
    }

    [Fact]
    public async Task A_stopped_watch_records_what_is_left()
    {
        await InitAsync();
        await using var watched = await Watched.StartAsync(_workspace, new WatchOptions { Debounce = TimeSpan.FromMinutes(1) });

        // In one piece: the first look may come at the very moment, and would record it empty.
        File.WriteAllText(Path.Combine(_workspace.Scratch, "last"), "x");
        File.Move(Path.Combine(_workspace.Scratch, "last"), _workspace.At("last.txt"));
        await watched.StopAsync();

        Assert.Equal(["last.txt"], Assert.Single(watched.Recorded).Changes.Select(change => change.Path.ToString()));
    }

    [Fact]
    public async Task A_writer_that_pauses_gives_an_intermediate_state_and_the_final_one()
    {
        await InitAsync();
        await using var watched = await Watched.StartAsync(_workspace, new WatchOptions { Debounce = TimeSpan.FromMilliseconds(20) });
        using (var file = new FileStream(_workspace.At("slow.txt"), FileMode.Create))
        {
            file.Write("half"u8);
            file.Flush();
            watched.Await("slow.txt", state => state is FileState.Regular { SizeBytes: 4 });
            file.Write(" and whole"u8);
        }

        watched.Await("slow.txt", state => state is FileState.Regular { SizeBytes: 14 });
    }

    [Fact]
    public async Task A_moved_directory_is_one_snapshot_of_moves_and_is_watched_on()
    {
        _workspace.Write("one/deep/file.txt", "content");
        await InitAsync();
        await using var watched = await Watched.StartAsync(_workspace);

        // A move in the very moment in which a scan lists the folder above is seen as coming first and going then: not every time.
        var moves = new List<bool>();
        var size = "content".Length;
        for (var i = 1; i <= 3; i++)
        {
            var (from, to) = (i == 1 ? "one" : $"place{i - 1}", $"place{i}");
            Directory.Move(_workspace.At(from), _workspace.At(to));
            var moved = watched.Await($"{to}/deep/file.txt");
            moves.Add(moved.Changes.Any(change => change.Kind == ChangeKind.Rename && change.OldPath.ToString() == $"{from}/deep/file.txt"));
            File.AppendAllText(_workspace.At($"{to}/deep/file.txt"), " and more");
            size += " and more".Length;
            watched.Await($"{to}/deep/file.txt", state => state is FileState.Regular file && file.SizeBytes == size);
        }

        Assert.Contains(true, moves);
    }

    [Fact]
    public async Task Ignored_files_are_not_recorded_and_a_rule_that_goes_lets_them_in()
    {
        _workspace.Write(".gitignore", "out/\n");
        await InitAsync();
        await using var watched = await Watched.StartAsync(_workspace);

        _workspace.Write("out/ignored.txt", "x");
        _workspace.Write("seen.txt", "x");
        watched.Await("seen.txt");
        Assert.DoesNotContain(watched.Recorded, snapshot => snapshot.Changes.Any(change => change.Path.ToString().StartsWith("out", StringComparison.Ordinal)));

        File.Delete(_workspace.At(".gitignore"));
        watched.Await("out/ignored.txt");
        _workspace.Write("out/next.txt", "x");
        watched.Await("out/next.txt");
    }

    [Fact]
    public async Task A_recorded_file_stays_watched_when_a_rule_comes_to_ignore_it()
    {
        _workspace.Write("build/recorded.txt", "1");
        await InitAsync();
        await using var watched = await Watched.StartAsync(_workspace);
        _workspace.Write(".gitignore", "build/\n");
        watched.Await(".gitignore");

        _workspace.Write("build/recorded.txt", "22");
        _workspace.Write("build/new.txt", "x");

        watched.Await("build/recorded.txt", state => state is FileState.Regular { SizeBytes: 2 });
        await watched.StopAsync();
        Assert.DoesNotContain(watched.Recorded, snapshot => snapshot.Changes.Any(change => change.Path == WorkspacePath.Parse("build/new.txt")));
    }

    [Fact]
    public async Task A_restore_is_no_change()
    {
        _workspace.Write("a.txt", "1");
        var manager = await InitAsync();
        await using var watched = await Watched.StartAsync(_workspace);
        _workspace.Write("a.txt", "2");
        _workspace.Write("dir/b.txt", "b");
        watched.Await("dir/b.txt");
        watched.Await("a.txt");
        var head = manager.Head!.Value.Value;

        await manager.RollbackAsync(new SnapshotNumber(1));
        await manager.UndoAsync();
        _workspace.Write("end.txt", "end");

        Assert.Equal(head + 3, watched.Await("end.txt").Number.Value);
    }

    [Fact]
    public async Task An_edit_under_a_watch_is_its_own_snapshot_with_its_actor_and_patch()
    {
        _workspace.Write("a.txt", "1\n");
        var manager = await InitAsync();
        await using var watched = await Watched.StartAsync(_workspace, new WatchOptions { Debounce = TimeSpan.FromMilliseconds(1) });

        var edit = await manager.BeginEditAsync(Workspace.Paths("a.txt", "new/deep/b.txt"), new CaptureContext { Actor = new Actor("agent") });
        _workspace.Write("a.txt", "2\n");
        _workspace.Write("new/deep/b.txt", "b\n");
        _workspace.Write("beside.txt", "x");
        var beside = watched.Await("beside.txt"); // the watch has had its look
        var result = await edit.CommitAsync();

        Assert.Equal("agent", result.Snapshot!.Actor.Agent);
        Assert.NotNull(result.Patch);
        Assert.Equal(["a.txt", "new", "new/deep", "new/deep/b.txt"], result.Snapshot.Changes.Select(change => change.Path.ToString()));
        Assert.Equal(Actor.Unknown, beside.Actor);
        await watched.StopAsync();
        Assert.Single(watched.Recorded);
    }

    [Fact]
    public async Task A_thousand_edits_under_a_watch_are_a_thousand_snapshots()
    {
        _workspace.Write("a.txt", "0");
        var manager = await InitAsync();
        await using var watched = await Watched.StartAsync(_workspace, new WatchOptions { Debounce = TimeSpan.FromMilliseconds(1) });
        for (var i = 1; i <= 1000; i++)
        {
            var edit = await manager.BeginEditAsync(Workspace.Paths("a.txt"), new CaptureContext { Actor = new Actor("agent", Turn: $"{i}") });
            _workspace.Write("a.txt", $"{i}");
            Assert.Equal(i + 1, (await edit.CommitAsync()).Snapshot!.Number.Value);
        }

        await watched.StopAsync();
        Assert.Empty(watched.Recorded);
    }

    [Fact]
    public async Task An_edit_without_a_watch_leaves_no_trace_in_the_spans()
    {
        var manager = await InitAsync();

        await manager.BeginEditAsync(Workspace.Paths("a.txt"));

        Assert.Empty(manager.SpansNow(new WatchOptions()).Orphans);
        Assert.Equal(0, manager.SpansNow(new WatchOptions()).Newest);
    }

    [Fact]
    public async Task What_changes_inside_one_span_that_outlasts_its_time_is_its_actors()
    {
        var manager = await InitAsync();
        await using var watched = await Watched.StartAsync(_workspace, new WatchOptions { CommandPatience = TimeSpan.Zero });

        var command = await manager.BeginCommandAsync(new CaptureContext { Actor = new Actor("agent", "s1"), Tool = "run", Message = "make" });
        _workspace.Write("made.txt", "x");
        var inside = watched.Await("made.txt");
        await command.CommitAsync(0, TimeSpan.FromSeconds(1));
        _workspace.Write("after.txt", "x");

        Assert.Equal((new Actor("agent", "s1"), "run", "make"), (inside.Actor, inside.Tool, inside.Message));
        Assert.Equal(Actor.Unknown, watched.Await("after.txt").Actor);
    }

    [Fact]
    public async Task What_changes_inside_several_spans_names_them_all_and_is_nobodys()
    {
        var manager = await InitAsync();
        await using var watched = await Watched.StartAsync(_workspace, new WatchOptions { CommandPatience = TimeSpan.Zero, EditPatience = TimeSpan.Zero });
        await manager.BeginEditAsync(Workspace.Paths("shared.txt"), new CaptureContext { Actor = new Actor("one"), Tool = "Edit" });
        await manager.BeginEditAsync(Workspace.Paths("shared.txt", "own.txt"), new CaptureContext { Actor = new Actor("two", "s2") });

        _workspace.Write("shared.txt", "x");
        _workspace.Write("own.txt", "x");

        var shared = watched.Await("shared.txt");
        Assert.Equal(Actor.Unknown, shared.Actor);
        Assert.Equal("changed while several worked here: one Edit, two/s2", shared.Message);
        Assert.Equal("two", watched.Await("own.txt").Actor.Agent);
    }

    [Fact]
    public async Task A_command_under_a_watch_is_one_snapshot_with_its_exit_code()
    {
        var manager = await InitAsync();
        await using var watched = await Watched.StartAsync(_workspace, new WatchOptions { Debounce = TimeSpan.FromMilliseconds(1) });

        var command = await manager.BeginCommandAsync(new CaptureContext { Tool = "run" });
        Shell.Run(_workspace.Root, "for i in 1 2 3; do echo $i > f$i; mkdir d$i; echo $i > d$i/f; sleep 0.1; done");
        var result = await command.CommitAsync(3, TimeSpan.FromSeconds(1));
        _workspace.Write("after.txt", "x");

        Assert.Equal(9, result.Snapshot!.Changes.Count);
        Assert.Equal(3, result.Snapshot.ExitCode);
        Assert.Equal(3, watched.Await("after.txt").Number.Value);
    }

    [Fact]
    public async Task What_was_left_to_a_command_whose_recorder_died_is_recorded_in_its_name_and_nothing_later_is()
    {
        var manager = await InitAsync();
        var recorder = new WatchRecorder(manager, new WatchOptions());
        using (var child = ChildProcess.Start("begin a command and wait", _workspace.Root, _workspace.Options.StoreHome, "half.txt"))
        {
            Assert.Equal("begun", await child.HearAsync());
            Assert.Empty(await recorder.RecordAsync(new ChangeSet(Workspace.Paths("half.txt"), IsWhole: false)));
            Assert.NotNull(recorder.Pause);
            child.Kill();
        }

        _workspace.Write("after.txt", "x");
        var recorded = await recorder.RecordAsync(new ChangeSet(Workspace.Paths("after.txt"), IsWhole: false));

        Assert.Equal(["half.txt by dead agent", "after.txt by "], recorded.Select(snapshot => $"{Assert.Single(snapshot.Changes).Path} by {snapshot.Actor.Agent}").OrderDescending());
        Assert.Null(recorder.Pause);
        Assert.Empty(manager.SpansNow(new WatchOptions()).Orphans);
    }

    [Fact]
    public async Task A_second_watcher_is_refused_and_a_dead_ones_place_is_free()
    {
        await InitAsync();
        using (var child = ChildProcess.Start("watch", _workspace.Root, _workspace.Options.StoreHome))
        {
            Assert.Equal("watching", await child.HearAsync());
            await using var second = await _workspace.OpenAsync();
            Assert.NotNull(second.Watcher);
            var refused = await Assert.ThrowsAsync<SavepointException>(async () => await second.WatchAsync(cancellationToken: TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken).MoveNextAsync());
            Assert.Equal(ErrorCode.Busy, refused.Code);
            child.Kill();
            Assert.Null(second.Watcher);
        }

        _workspace.Write("missed.txt", "x");
        await using var watched = await Watched.StartAsync(_workspace);
        watched.Await("missed.txt");
    }

    [Fact]
    public async Task A_stopped_watch_leaves_nothing_behind_and_another_may_begin()
    {
        var manager = await InitAsync();
        for (var i = 0; i < 3; i++)
        {
            await using var watched = await Watched.StartAsync(_workspace);
            Assert.Equal(Environment.ProcessId, manager.Watcher!.Process);
            await watched.StopAsync();
            Assert.Null(manager.Watcher);
        }
    }

    [Fact]
    public async Task What_a_mapping_writes_is_found_by_a_scan()
    {
        _workspace.Write("mapped.bin", new byte[8192]);
        File.SetLastWriteTimeUtc(_workspace.At("mapped.bin"), DateTime.UnixEpoch.AddYears(50));
        await InitAsync();
        await using var watched = await Watched.StartAsync(_workspace, new WatchOptions { ScanInterval = TimeSpan.FromSeconds(1) });
        using (var map = System.IO.MemoryMappedFiles.MemoryMappedFile.CreateFromFile(_workspace.At("mapped.bin"), FileMode.Open))
        using (var view = map.CreateViewAccessor())
        {
            view.Write(0, 'x');
            watched.Await("mapped.bin"); // while it is mapped, and no event comes
        }
    }

    [Theory]
    [InlineData(0, 100)]
    [InlineData(61_000, 100)]
    [InlineData(100, 0)]
    public async Task Options_outside_their_range_are_refused(int debounceMilliseconds, int scanMilliseconds)
    {
        var manager = await InitAsync();
        var options = new WatchOptions { Debounce = TimeSpan.FromMilliseconds(debounceMilliseconds), ScanInterval = TimeSpan.FromMilliseconds(scanMilliseconds) };

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await manager.WatchAsync(options, TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken).MoveNextAsync());
    }

    private async Task<SnapshotManager> InitAsync()
    {
        _opened.Add(await _workspace.InitAsync());
        return _opened[^1];
    }
}
