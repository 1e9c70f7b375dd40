using Savepoint.Compaction;
using Savepoint.Model;
using Savepoint.Tests.Compaction;
using Savepoint.Tests.Fidelity;
using Xunit;

namespace Savepoint.Tests;

/// <summary>One operation taken back under later ones.</summary>
public sealed class RevertTests : IDisposable
{
    private const string Text = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
    private static readonly RevertOptions WithMarkers = new() { WritesMarkers = true };

    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task One_operation_is_inverted_and_all_later_work_stays()
    {
        await using var manager = await StartAsync();
        var first = await EditAsync(manager, "2", "first");
        await EditAsync(manager, "8", "later");
        _workspace.Write("elsewhere", "not recorded");

        var result = await manager.RevertAsync(first);

        Assert.Equal((RestoreEnding.Restored, true), (result.Ending, result.IsVerified));
        Assert.Equal(Text.Replace("8", "later", StringComparison.Ordinal), _workspace.Read("file"));
        var snapshot = manager.GetSnapshot(result.Snapshot!.Value);
        Assert.Equal((SnapshotKind.Revert, first), (snapshot.Kind, snapshot.Target!.Value));
        Assert.Equal("not recorded", _workspace.Read("elsewhere"));
        Assert.Empty(manager.Verify(deep: true).Problems);

        await manager.UndoAsync();
        Assert.Contains("first", _workspace.Read("file"), StringComparison.Ordinal);
        await manager.RedoAsync();
        Assert.DoesNotContain("first", _workspace.Read("file"), StringComparison.Ordinal);
        Assert.Equal(RestoreEnding.NothingToDo, (await manager.RedoAsync()).Ending);
    }

    /// <summary>That the operation made it is not known: it was named when it was there, and nobody had looked before.</summary>
    [Theory]
    [InlineData("recorded first")]
    [InlineData("changed since")]
    public async Task An_ignored_file_that_the_operation_recorded_first_stays(string now)
    {
        await using var manager = await StartAsync();
        _workspace.Write(".gitignore", ".env\n");
        _workspace.Write(".env", "recorded first");
        _workspace.Write("made", "with it");
        var first = (await manager.CaptureAsync(Workspace.Paths(".env", ".gitignore", "made"), new CaptureContext { Actor = new Actor("agent") })).Snapshot!.Number;
        _workspace.Write(".env", now);

        Assert.Equal(RestoreEnding.Restored, (await manager.UndoAsync(new Actor("agent"))).Ending);

        Assert.Equal((now, false), (_workspace.Read(".env"), File.Exists(_workspace.At("made"))));
        Assert.Equal(RestoreEnding.NothingToDo, (await manager.RevertAsync(first, new RevertOptions { Paths = Workspace.Paths(".env") })).Ending);
    }

    [Fact]
    public async Task A_conflict_records_and_writes_nothing_and_names_the_lines()
    {
        await using var manager = await StartAsync();
        var first = await EditAsync(manager, "2", "first");
        _workspace.Write("file", _workspace.Read("file").Replace("first", "by hand", StringComparison.Ordinal));
        var (head, tree) = (manager.Head, Manifest.OfTree(_workspace.Root));

        var result = await manager.RevertAsync(first);

        Assert.Equal((RestoreEnding.Conflicted, null), (result.Ending, result.Snapshot));
        var conflict = Assert.Single(result.Conflicts);
        Assert.Equal(("file", MergeConflictKind.Content), (conflict.Path.ToString(), conflict.Kind));
        Assert.Equal(new LineRange(1, 1), Assert.Single(conflict.Ranges).Ours);
        Assert.Equal((head, tree), (manager.Head, Manifest.OfTree(_workspace.Root)));
    }

    [Fact]
    public async Task Markers_are_written_where_they_are_asked_for_and_can_be_undone()
    {
        await using var manager = await StartAsync();
        var first = await EditAsync(manager, "2", "first");
        await EditAsync(manager, "first", "later");

        var result = await manager.RevertAsync(first, WithMarkers);

        Assert.Equal(RestoreEnding.Conflicted, result.Ending);
        Assert.NotNull(result.Snapshot);
        Assert.Equal(Text.Replace("2\n", $"<<<<<<< ours (now)\nlater\n=======\n2\n>>>>>>> theirs (before {first})\n", StringComparison.Ordinal), _workspace.Read("file"));
        await manager.UndoAsync();
        Assert.Equal(Text.Replace("2", "later", StringComparison.Ordinal), _workspace.Read("file"));
    }

    [Fact]
    public async Task Asked_for_markers_it_counts_as_taken_back_though_there_can_be_none()
    {
        await using var manager = await StartAsync();
        var numbers = new List<SnapshotNumber>();
        foreach (var text in (string[])["kept", "a\0", "b\0", "c\0"])
        {
            _workspace.Write(text == "kept" ? "kept" : "binary", text);
            numbers.Add((await manager.CaptureAsync(context: new CaptureContext { Actor = new Actor(text == "c\0" ? "other" : "a") })).Snapshot!.Number);
        }

        Assert.Null((await manager.RevertAsync(numbers[2])).Snapshot);
        var reverted = await manager.UndoAsync(new Actor("a"), writesMarkers: true);

        Assert.Equal((RestoreEnding.Conflicted, numbers[2]), (reverted.Ending, reverted.Target!.Value));
        Assert.Equal((manager.Head, 0), (reverted.Snapshot, manager.GetSnapshot(manager.Head!.Value).Changes.Count));
        Assert.Equal(numbers[1], (await manager.UndoAsync(new Actor("a"), writesMarkers: true)).Target!.Value);
        Assert.Equal(numbers[0], (await manager.UndoAsync(new Actor("a"), writesMarkers: true)).Target!.Value);
        Assert.Equal("c\0", _workspace.Read("binary"));
        Assert.False(File.Exists(_workspace.At("kept")));
        Assert.Empty(manager.Verify(deep: true).Problems);
    }

    [Fact]
    public async Task Unrecorded_changes_in_the_same_file_are_captured_and_kept()
    {
        await using var manager = await StartAsync();
        var first = await EditAsync(manager, "2", "first");
        _workspace.Write("file", _workspace.Read("file").Replace("8", "by hand", StringComparison.Ordinal));

        var result = await manager.RevertAsync(first);

        Assert.Equal(Text.Replace("8", "by hand", StringComparison.Ordinal), _workspace.Read("file"));
        Assert.Equal(SnapshotKind.Drift, manager.GetSnapshot(result.Drift!.Value).Kind);
    }

    [Fact]
    public async Task An_edit_is_inverted_where_its_file_has_been_moved_to_since()
    {
        await using var manager = await StartAsync();
        var first = await EditAsync(manager, "2", "first");
        foreach (var (from, to) in ((string, string)[])[("file", "moved"), ("moved", "folder/again")])
        {
            Directory.CreateDirectory(_workspace.At("folder"));
            File.Move(_workspace.At(from), _workspace.At(to));
            await manager.CaptureAsync();
        }

        var result = await manager.RevertAsync(first);

        Assert.Equal("folder/again", Assert.Single(result.Files).Path.ToString());
        Assert.Equal(Text, _workspace.Read("folder/again"));
        Assert.False(File.Exists(_workspace.At("file")));
    }

    [Fact]
    public async Task A_move_is_taken_back_with_what_was_edited_since()
    {
        await using var manager = await StartAsync();
        File.Move(_workspace.At("file"), _workspace.At("moved"));
        var move = (await manager.CaptureAsync()).Snapshot!.Number;
        _workspace.Write("moved", Text + "later\n");
        await manager.CaptureAsync();

        Assert.Equal(RestoreEnding.Restored, (await manager.RevertAsync(move)).Ending);

        Assert.Equal(Text + "later\n", _workspace.Read("file"));
        Assert.False(File.Exists(_workspace.At("moved")));
    }

    [Theory]
    [InlineData("echo x > new", "echo y >> new", "new", MergeConflictKind.ModifyDelete)]
    [InlineData("rm file", "echo y > file", "file", MergeConflictKind.AddAdd)]
    [InlineData("echo x >> file", "rm file", "file", MergeConflictKind.DeleteModify)]
    [InlineData("printf 'x\\0' > file", "printf 'y\\0' > file", "file", MergeConflictKind.Binary)]
    [InlineData("chmod 700 file", "chmod 600 file", "file", MergeConflictKind.Mode)]
    [InlineData("echo x >> file", "rm file && ln -s elsewhere file", "file", MergeConflictKind.Type)]
    [InlineData("ln -sfn x link", "ln -sfn y link", "link", MergeConflictKind.Symlink)]
    [InlineData("mv file moved", "mv moved further", "further", MergeConflictKind.Rename)]
    [InlineData("mv file moved", "echo y > file", "file", MergeConflictKind.AddAdd)]
    [InlineData("rm file && mkdir file", "echo y > file/of-others", "file", MergeConflictKind.Directory)]
    [InlineData("rm full/file && rmdir full", "echo y > full", "full", MergeConflictKind.AddAdd)]
    public async Task Later_work_that_cannot_be_kept_is_a_conflict(string operation, string later, string path, MergeConflictKind kind)
    {
        _workspace.Write("full/file", "full\n");
        Shell.Run(_workspace.Root, "ln -s z link");
        await using var manager = await StartAsync();
        Shell.Run(_workspace.Root, operation);
        var number = (await manager.CaptureAsync()).Snapshot!.Number;
        Shell.Run(_workspace.Root, later);
        await manager.CaptureAsync();
        var (head, tree) = (manager.Head, Manifest.OfTree(_workspace.Root));

        var result = await manager.RevertAsync(number);

        Assert.Equal(RestoreEnding.Conflicted, result.Ending);
        Assert.Contains(result.Conflicts, conflict => conflict.Path.ToString() == path && conflict.Kind == kind);
        Assert.Equal((head, tree), (manager.Head, Manifest.OfTree(_workspace.Root)));
    }

    [Theory]
    [InlineData("mkdir new && echo x > new/own", "echo y > new/of-others", "new/of-others")]
    [InlineData("rm full/file", "rmdir full", "full/file")]
    [InlineData("chmod 700 file", "echo y >> file", "file")]
    [InlineData("rm file && mkdir file && echo x > file/x", "echo y > elsewhere", "file elsewhere")]
    public async Task What_does_not_meet_is_brought_together(string operation, string later, string stands)
    {
        _workspace.Write("full/file", "full\n");
        await using var manager = await StartAsync();
        Shell.Run(_workspace.Root, operation);
        var number = (await manager.CaptureAsync()).Snapshot!.Number;
        Shell.Run(_workspace.Root, later);
        await manager.CaptureAsync();

        Assert.Equal(RestoreEnding.Restored, (await manager.RevertAsync(number)).Ending);

        Assert.All(stands.Split(' '), path => Assert.True(File.Exists(_workspace.At(path)), path));
        Assert.False(File.Exists(_workspace.At("new/own")) || File.Exists(_workspace.At("file/x")));
        Assert.Equal("644", Shell.Run(_workspace.Root, "stat -c %a file").Trim());
    }

    [Fact]
    public async Task A_hunk_or_a_path_of_it_is_inverted_by_itself()
    {
        var text = string.Concat(Enumerable.Range(1, 40).Select(i => $"line {i}\n"));
        _workspace.Write("a", text);
        _workspace.Write("b", text);
        await using var manager = await _workspace.InitAsync();
        var edited = text.Replace("line 5\n", "five\n", StringComparison.Ordinal).Replace("line 35\n", "thirty-five\n", StringComparison.Ordinal);
        _workspace.Write("a", edited);
        _workspace.Write("b", edited);
        var number = (await manager.CaptureAsync()).Snapshot!.Number;

        await manager.RevertAsync(number, new RevertOptions { HunkNumber = 3 });
        Assert.Equal((edited, text.Replace("line 35\n", "thirty-five\n", StringComparison.Ordinal)), (_workspace.Read("a"), _workspace.Read("b")));
        Assert.Null(manager.GetSnapshot(manager.Head!.Value).Target);

        await manager.RevertAsync(number, new RevertOptions { Paths = Workspace.Paths("a"), HunkNumber = 2 });
        Assert.Equal(text.Replace("line 5\n", "five\n", StringComparison.Ordinal), _workspace.Read("a"));

        await manager.RevertAsync(number, new RevertOptions { Paths = Workspace.Paths("b") });
        Assert.Equal(text, _workspace.Read("b"));
        Assert.Equal(ErrorCode.NotInvertible, (await Assert.ThrowsAsync<SavepointException>(() => manager.RevertAsync(number, new RevertOptions { HunkNumber = 5 }))).Code);
    }

    [Fact]
    public async Task The_baseline_and_what_is_not_there_any_more_are_not_inverted()
    {
        await using var manager = await StartAsync();
        var first = await EditAsync(manager, "2", "first");
        await manager.UndoAsync();

        Assert.Equal(RestoreEnding.NothingToDo, (await manager.RevertAsync(first)).Ending);
        Assert.Equal(ErrorCode.NotInvertible, (await Assert.ThrowsAsync<SavepointException>(() => manager.RevertAsync(new SnapshotNumber(1)))).Code);
    }

    [Theory]
    [InlineData(CompactionLevel.Normal)]
    [InlineData(CompactionLevel.Aggressive)]
    public async Task A_number_that_compaction_merged_is_inverted_as_it_is_shown(CompactionLevel level)
    {
        using var history = await RecordedHistory.WriteAsync([]);
        foreach (var line in (int[])[1, 2, 3])
        {
            await history.EditAsync("merged", string.Concat(Enumerable.Range(1, line).Select(i => $"{i}\n")));
        }

        await history.FillAsync(50);
        await history.Manager.CompactAsync(level);
        var middle = history.Manager.Resolve(new Revision.Numbered(new SnapshotNumber(3)));
        Assert.Equal(level == CompactionLevel.Normal ? 3 : 4, middle.Value);

        if (level == CompactionLevel.Normal)
        {
            Assert.Equal(RestoreEnding.Conflicted, (await history.Manager.RevertAsync(middle)).Ending); // its neighbour below came later
        }

        Assert.Equal(RestoreEnding.Restored, (await history.Manager.RevertAsync(new SnapshotNumber(4))).Ending);
        Assert.False(File.Exists(Path.Combine(history.Root, "merged")));
        await history.FillAsync(50);
        await history.Manager.CompactAsync(level);
        Assert.Empty(history.Manager.Verify(deep: true).Problems);
    }

    [Fact]
    public async Task A_revert_killed_at_any_moment_is_finished_or_was_not_begun()
    {
        const int FileCount = 100;
        void WriteAll(string first, string last)
        {
            for (var i = 0; i < FileCount; i++)
            {
                _workspace.Write($"folder/{i}", $"{first} {i}\nbetween\n{last} {i}\n");
            }
        }

        WriteAll("one", "one");
        await using (var manager = await _workspace.InitAsync())
        {
            WriteAll("two", "one");
            await manager.CaptureAsync();
            WriteAll("two", "two");
            await manager.CaptureAsync();
        }

        var before = Manifest.OfTree(_workspace.Root);
        WriteAll("one", "two");
        var inverted = Manifest.OfTree(_workspace.Root);
        WriteAll("two", "two");
        var finished = 0;
        for (var pause = 0; pause < 12; pause++)
        {
            using var child = ChildProcess.Start("revert", _workspace.Root, _workspace.Options.StoreHome, "2");
            Assert.Equal("begins", await child.HearAsync());
            Thread.SpinWait(pause * 2_000_000);
            child.Kill();

            await using var manager = await _workspace.OpenAsync();
            var tree = Manifest.OfTree(_workspace.Root);
            Assert.Contains(tree, (string[])[before, inverted]);
            Assert.Empty(manager.Verify(deep: true).Problems);
            if (tree == inverted)
            {
                finished++;
                await manager.RollbackAsync(new SnapshotNumber(3));
            }
        }

        Assert.Equal("", Shell.Run(_workspace.Root, "find . -name '.~sp-*'"));
        Assert.InRange(finished, 1, 12);
    }

    private async Task<SnapshotManager> StartAsync()
    {
        _workspace.Write("file", Text);
        Shell.Run(_workspace.Root, "chmod 644 file");
        return await _workspace.InitAsync();
    }

    private async Task<SnapshotNumber> EditAsync(SnapshotManager manager, string from, string to)
    {
        var edit = await manager.BeginEditAsync(Workspace.Paths("file"));
        _workspace.Write("file", _workspace.Read("file").Replace(from, to, StringComparison.Ordinal));
        return (await edit.CommitAsync()).Snapshot!.Number;
    }
}
