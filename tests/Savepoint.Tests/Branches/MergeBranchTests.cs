using Savepoint.Model;
using Savepoint.Tests.Fidelity;
using Xunit;

namespace Savepoint.Tests.Branches;

/// <summary>What merging a branch brings, and what it leaves alone.</summary>
public sealed class MergeBranchTests : IAsyncLifetime
{
    private const string Lines = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";

    private readonly Workspace _workspace = new();
    private SnapshotManager _main = null!;
    private SnapshotManager _idea = null!;

    public async ValueTask InitializeAsync()
    {
        _workspace.Write(".gitignore", "out/\n");
        _workspace.Write("text", Lines);
        _workspace.Write("other", "other\n");
        _workspace.Write("dir/inner", "inner\n");
        _main = await _workspace.InitAsync();
        await _main.CreateBranchAsync("idea");
        _idea = await _main.OpenBranchAsync("idea");
    }

    public async ValueTask DisposeAsync()
    {
        await _idea.DisposeAsync();
        await _main.DisposeAsync();
        _workspace.Dispose();
    }

    [Fact]
    public async Task Changes_of_both_are_brought_together_as_one_snapshot_that_undo_takes_back()
    {
        InIdea("text", Lines.Replace("2\n", "two\n", StringComparison.Ordinal));
        InIdea("added/file", "added\n");
        InIdea("out/built", "never merged\n");
        File.Move(Path.Combine(_idea.Root, "other"), Path.Combine(_idea.Root, "renamed"));
        _workspace.Write("text", Lines.Replace("8\n", "eight\n", StringComparison.Ordinal));
        _workspace.Write("other", "other, edited here\n");
        await _main.CaptureAsync();

        var merged = await _main.MergeBranchAsync("idea");

        Assert.Equal((RestoreEnding.Restored, false, true), (merged.Restore.Ending, merged.IsFastForward, merged.Restore.IsVerified));
        Assert.Equal("1\ntwo\n3\n4\n5\n6\n7\neight\n9\n", _workspace.Read("text"));
        Assert.Equal(("added\n", "other, edited here\n"), (_workspace.Read("added/file"), _workspace.Read("renamed")));
        Assert.False(Path.Exists(_workspace.At("other")) || Path.Exists(_workspace.At("out")));
        var snapshot = _main.GetSnapshot(merged.Restore.Snapshot!.Value);
        Assert.Equal((SnapshotKind.Merge, merged.Theirs), (snapshot.Kind, snapshot.Target!.Value));

        await _main.UndoAsync();
        Assert.Equal(("other, edited here\n", Lines.Replace("8\n", "eight\n", StringComparison.Ordinal)), (_workspace.Read("other"), _workspace.Read("text")));
    }

    [Fact]
    public async Task Where_nothing_was_done_here_the_branch_is_taken_as_it_is()
    {
        InIdea("text", "rewritten\n");
        Directory.Delete(Path.Combine(_idea.Root, "dir"), recursive: true);

        var merged = await _main.MergeBranchAsync("idea");

        Assert.True(merged.IsFastForward);
        Assert.Equal("rewritten\n", _workspace.Read("text"));
        Assert.False(Path.Exists(_workspace.At("dir")));
        Assert.Equal(RestoreEnding.NothingToDo, (await _main.MergeBranchAsync("idea")).Restore.Ending);
    }

    [Fact]
    public async Task A_second_merge_begins_where_the_first_ended()
    {
        InIdea("text", Lines.Replace("2\n", "two\n", StringComparison.Ordinal));
        await _main.MergeBranchAsync("idea");
        _workspace.Write("text", _workspace.Read("text").Replace("two\n", "TWO\n", StringComparison.Ordinal));
        await _main.CaptureAsync();
        InIdea("text", Lines.Replace("2\n", "two\n", StringComparison.Ordinal).Replace("9\n", "nine\n", StringComparison.Ordinal));

        var again = await _main.MergeBranchAsync("idea");

        Assert.Equal((RestoreEnding.Restored, "1\nTWO\n3\n4\n5\n6\n7\n8\nnine\n"), (again.Restore.Ending, _workspace.Read("text")));
        var back = await _idea.MergeBranchAsync("main");
        Assert.Equal((RestoreEnding.Restored, "1\nTWO\n3\n4\n5\n6\n7\n8\nnine\n"), (back.Restore.Ending, File.ReadAllText(Path.Combine(_idea.Root, "text"))));
    }

    [Theory]
    [InlineData("undo")]
    [InlineData("rollback")]
    [InlineData("revert")]
    public async Task A_merge_that_was_taken_back_can_be_made_again(string how)
    {
        InIdea("text", Lines.Replace("2\n", "two\n", StringComparison.Ordinal));
        var first = await _main.MergeBranchAsync("idea");
        _ = how switch
        {
            "undo" => await _main.UndoAsync(),
            "rollback" => await _main.RollbackAsync(new SnapshotNumber(1)),
            _ => await _main.RevertAsync(first.Restore.Snapshot!.Value),
        };
        Assert.Equal(Lines, _workspace.Read("text"));
        InIdea("text", Lines.Replace("2\n", "two\n", StringComparison.Ordinal).Replace("9\n", "nine\n", StringComparison.Ordinal));

        await _main.MergeBranchAsync("idea");

        Assert.Equal("1\ntwo\n3\n4\n5\n6\n7\n8\nnine\n", _workspace.Read("text"));
    }

    [Fact]
    public async Task A_merge_can_be_made_again_though_its_rollback_had_to_keep_a_directory()
    {
        InIdea("new/file", "new\n");
        InIdea("text", Lines.Replace("2\n", "two\n", StringComparison.Ordinal));
        await _main.MergeBranchAsync("idea");
        _workspace.Write("new/out/built", "ignored\n");
        await _main.RollbackAsync(new SnapshotNumber(1));
        Assert.False(File.Exists(_workspace.At("new/file")));

        var again = await _main.MergeBranchAsync("idea");

        Assert.Equal((RestoreEnding.Restored, new SnapshotNumber(1)), (again.Restore.Ending, again.Base));
        Assert.Equal(("new\n", "ignored\n"), (_workspace.Read("new/file"), _workspace.Read("new/out/built")));
        Assert.Equal(Lines.Replace("2\n", "two\n", StringComparison.Ordinal), _workspace.Read("text"));
    }

    [Fact]
    public async Task A_merge_can_be_made_again_though_its_rollback_left_what_was_forgotten()
    {
        _workspace.Write("secret", "old\n");
        await _main.CaptureAsync();
        await _main.ForgetAsync(Workspace.Paths("secret"));
        File.Delete(_workspace.At("secret"));
        await _main.CaptureAsync();
        InIdea("secret", "new\n");
        InIdea("text", Lines.Replace("2\n", "two\n", StringComparison.Ordinal));
        await _main.MergeBranchAsync("idea");
        await _main.RollbackAsync(new SnapshotNumber(1));
        Assert.Equal(("new\n", Lines), (_workspace.Read("secret"), _workspace.Read("text")));

        var again = await _main.MergeBranchAsync("idea");

        Assert.Equal((RestoreEnding.Restored, new SnapshotNumber(1)), (again.Restore.Ending, again.Base));
        Assert.Equal(("new\n", Lines.Replace("2\n", "two\n", StringComparison.Ordinal)), (_workspace.Read("secret"), _workspace.Read("text")));
    }

    [Fact]
    public async Task A_merge_can_be_made_again_though_its_rollback_left_what_its_target_could_not_record()
    {
        using var workspace = new Workspace();
        workspace.Options = workspace.Options with { MaxFileBytes = 100 };
        workspace.Write("text", Lines);
        workspace.Write("large", new byte[200]);
        await (await workspace.InitAsync()).DisposeAsync();
        workspace.Options = workspace.Options with { MaxFileBytes = 1000 };
        await using var main = await workspace.OpenAsync();
        await main.CreateBranchAsync("other");
        await using var other = await main.OpenBranchAsync("other");
        File.WriteAllText(Path.Combine(other.Root, "text"), "by other\n");
        await main.MergeBranchAsync("other");
        await main.CaptureAsync();
        await main.RollbackAsync(new SnapshotNumber(1));
        Assert.Equal((Lines, 200), (workspace.Read("text"), workspace.Read("large").Length));

        var again = await main.MergeBranchAsync("other");

        Assert.Equal((RestoreEnding.Restored, "by other\n", 200), (again.Restore.Ending, workspace.Read("text"), workspace.Read("large").Length));
    }

    [Fact]
    public async Task A_rollback_of_a_part_takes_no_merge_back()
    {
        InIdea("added", "added\n");
        InIdea("new/file", "new\n");
        InIdea("text", Lines.Replace("2\n", "two\n", StringComparison.Ordinal));
        var first = await _main.MergeBranchAsync("idea");
        await _main.RollbackAsync(new SnapshotNumber(1), Workspace.Paths("text", "new"));

        var again = await _main.MergeBranchAsync("idea");

        Assert.Equal((RestoreEnding.NothingToDo, first.Theirs), (again.Restore.Ending, again.Base));
        Assert.Equal((Lines, "added\n"), (_workspace.Read("text"), _workspace.Read("added")));
    }

    [Fact]
    public async Task What_was_undone_here_stays_undone()
    {
        _workspace.Write("text", Lines.Replace("5\n", "five\n", StringComparison.Ordinal));
        await _main.CaptureAsync();
        await _main.CreateBranchAsync("later");
        await using var later = await _main.OpenBranchAsync("later");
        File.WriteAllText(Path.Combine(later.Root, "other"), "by later\n");
        await _main.UndoAsync();

        await _main.MergeBranchAsync("later");

        Assert.Equal((Lines, "by later\n"), (_workspace.Read("text"), _workspace.Read("other")));
    }

    [Fact]
    public async Task A_conflict_writes_nothing_or_markers()
    {
        InIdea("text", Lines.Replace("2\n", "theirs\n", StringComparison.Ordinal));
        InIdea("other", "merged all the same\n");
        _workspace.Write("text", Lines.Replace("2\n", "ours\n", StringComparison.Ordinal));

        var refused = await _main.MergeBranchAsync("idea");
        Assert.Equal((RestoreEnding.Conflicted, null), (refused.Restore.Ending, refused.Restore.Snapshot));
        Assert.Equal((new SnapshotNumber(1), "other\n"), (_main.Head!.Value, _workspace.Read("other")));
        var conflict = Assert.Single(refused.Restore.Conflicts);
        Assert.False(refused.IsFastForward); // nothing is recorded here since the branch, but something was done
        Assert.Equal(("text", MergeConflictKind.Content, 1), (conflict.Path.ToString(), conflict.Kind, Assert.Single(conflict.Ranges).Ours.Start));

        var marked = await _main.MergeBranchAsync("idea", new MergeOptions { WritesMarkers = true });
        Assert.Equal(RestoreEnding.Conflicted, marked.Restore.Ending);
        Assert.Contains("<<<<<<< ours (main)\nours\n=======\ntheirs\n>>>>>>> theirs (idea)\n", _workspace.Read("text"), StringComparison.Ordinal);
        Assert.Equal("merged all the same\n", _workspace.Read("other"));
    }

    [Fact]
    public async Task Asked_for_markers_it_is_merged_though_there_can_be_none_and_nothing_else_is_to_be_done()
    {
        Shell.Run(_idea.Root, "printf 'theirs\\0' > other");
        Shell.Run(_workspace.Root, "printf 'ours\\0' > other");

        Assert.Null((await _main.MergeBranchAsync("idea")).Restore.Snapshot);
        Assert.Null((await _main.MergeBranchAsync("idea", new MergeOptions { WritesMarkers = true, IsDryRun = true })).Restore.Snapshot);
        var merged = await _main.MergeBranchAsync("idea", new MergeOptions { WritesMarkers = true });

        Assert.Equal((RestoreEnding.Conflicted, _main.Head), (merged.Restore.Ending, merged.Restore.Snapshot));
        Assert.Equal((SnapshotKind.Merge, merged.Theirs), (_main.GetSnapshot(_main.Head!.Value).Kind, _main.GetSnapshot(_main.Head!.Value).Target!.Value));
        Assert.Equal("ours\0", _workspace.Read("other"));
        Assert.Equal(RestoreEnding.NothingToDo, (await _main.MergeBranchAsync("idea")).Restore.Ending);
        await _main.UndoAsync();
        Assert.Equal(RestoreEnding.Conflicted, (await _main.MergeBranchAsync("idea")).Restore.Ending);
    }

    [Fact]
    public async Task A_text_that_both_added_is_written_with_the_markers_that_git_writes()
    {
        const string Ours = "alike\nours\n\nalike too\n", Theirs = "alike\ntheirs\n\nalike too\n";
        InIdea("new", Theirs);
        _workspace.Write("new", Ours);
        Shell.Run(_workspace.Root, "git merge-file -p -L 'ours (main)' -L base -L 'theirs (idea)' new /dev/null " + Path.Combine(_idea.Root, "new") + " > ../expected || true");

        var refused = Assert.Single((await _main.MergeBranchAsync("idea")).Restore.Conflicts);
        Assert.Equal((MergeConflictKind.AddAdd, null, 4), (refused.Kind, refused.MarkedPath, Assert.Single(refused.Ranges).Theirs.Count));
        var marked = await _main.MergeBranchAsync("idea", new MergeOptions { WritesMarkers = true });

        Assert.Equal(File.ReadAllText(Path.Combine(_workspace.Root, "../expected")), _workspace.Read("new"));
        Assert.Contains("<<<<<<< ours (main)\nours\n=======", _workspace.Read("new"), StringComparison.Ordinal);
        Assert.Equal("new", Assert.Single(marked.Restore.Conflicts).MarkedPath.ToString());
    }

    [Theory]
    [InlineData("echo x > new", "touch new", "x\n")]
    [InlineData("touch new", "echo x > new", "x\n")]
    [InlineData("touch new && chmod 700 new", "echo x > new", null)]
    public async Task An_empty_file_that_one_added_gives_way_to_the_others_text_as_in_git(string ours, string theirs, string? stands)
    {
        Shell.Run(_workspace.Root, ours);
        Shell.Run(_idea.Root, theirs);

        var merged = await _main.MergeBranchAsync("idea");

        Assert.Equal(stands is null ? RestoreEnding.Conflicted : RestoreEnding.Restored, merged.Restore.Ending == RestoreEnding.NothingToDo ? RestoreEnding.Restored : merged.Restore.Ending);
        Assert.Equal(stands ?? "", _workspace.Read("new"));
    }

    [Theory]
    [InlineData("printf 'x\\0' > other", "printf 'y\\0' > other", "other", "other")]
    [InlineData("printf 'x\\0' > new", "printf 'y\\0' > new", "new", "new")]
    [InlineData("echo x > other", "rm other", "other", null)]
    [InlineData("rm other", "echo y > other", "other", "other")]
    [InlineData("chmod 700 other", "chmod 600 other", "other", "other")]
    [InlineData("ln -s x new", "ln -s y new", "new", "new")]
    [InlineData("mkdir new && echo x > new/x", "echo y > new", "new", "new")]
    [InlineData("echo x > new", "mkdir new && mv other new/other", "new/other", "new/other")]
    [InlineData("echo x > new", "mkdir -p new && mv dir/inner new/inner && rmdir dir", "new/inner", "new/inner")]
    [InlineData("mv other here", "mv other there", "here", "there")]
    public async Task Where_there_can_be_no_markers_ours_stays_and_it_is_said_where_theirs_is(string ours, string theirs, string path, string? theirPath)
    {
        InIdea("text", Lines.Replace("2\n", "two\n", StringComparison.Ordinal));
        Shell.Run(_workspace.Root, ours);
        Shell.Run(_idea.Root, theirs);
        const string AllButText = "find . -name text -prune -o -printf '%p %m %l\\n' -type f -exec cat {} + | sort";
        await _main.CaptureAsync();
        var before = Shell.Run(_workspace.Root, AllButText);

        var merged = await _main.MergeBranchAsync("idea", new MergeOptions { WritesMarkers = true });

        Assert.Equal(RestoreEnding.Conflicted, merged.Restore.Ending);
        Assert.NotNull(merged.Restore.Snapshot);
        var conflict = Assert.Single(merged.Restore.Conflicts, conflict => conflict.Path.ToString() == path);
        Assert.Equal((null, theirPath, merged.Theirs), (conflict.MarkedPath?.ToString(), conflict.TheirPath?.ToString(), conflict.TheirSnapshot!.Value));
        Assert.Equal(before, Shell.Run(_workspace.Root, AllButText));
        Assert.Contains("two\n", _workspace.Read("text"), StringComparison.Ordinal);
        Assert.Equal(theirPath is null, _main.StateAt(merged.Theirs, WorkspacePath.Parse(theirPath ?? path)).IsAbsent);
    }

    [Theory]
    [InlineData("rm other", "rm other && mkdir other && echo x > other/x")]
    [InlineData("rm other && mkdir other && echo x > other/x", "rm other")]
    public async Task A_directory_in_the_place_of_a_file_that_the_other_deleted_is_no_conflict_as_in_git(string ours, string theirs)
    {
        Shell.Run(_workspace.Root, ours);
        Shell.Run(_idea.Root, theirs);

        Assert.Empty((await _main.MergeBranchAsync("idea")).Restore.Conflicts);
        Assert.Equal("x\n", _workspace.Read("other/x"));
    }

    [Fact]
    public async Task Markers_stand_where_theirs_moved_the_file_to()
    {
        InIdea("text", Lines.Replace("2\n", "theirs\n", StringComparison.Ordinal));
        File.Move(Path.Combine(_idea.Root, "text"), Path.Combine(_idea.Root, "moved"));
        _workspace.Write("text", Lines.Replace("2\n", "ours\n", StringComparison.Ordinal));

        var merged = await _main.MergeBranchAsync("idea", new MergeOptions { WritesMarkers = true });

        Assert.Equal("moved", Assert.Single(merged.Restore.Conflicts).MarkedPath.ToString());
        Assert.Contains("<<<<<<< ours (main)\nours\n=======\ntheirs\n", _workspace.Read("moved"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_says_what_would_be_done_and_does_nothing()
    {
        InIdea("text", "new\n");
        InIdea("added", "a\n");

        var told = await _main.MergeBranchAsync("idea", new MergeOptions { IsDryRun = true });

        Assert.Equal(RestoreEnding.DryRun, told.Restore.Ending);
        Assert.Equal(["added", "text"], told.Restore.Files.Select(file => file.Path.ToString()));
        Assert.Equal((new SnapshotNumber(1), Lines, false), (_main.Head!.Value, _workspace.Read("text"), Path.Exists(_workspace.At("added"))));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_unrecorded_here_makes_it_no_fast_forward(bool isDryRun)
    {
        InIdea("text", Lines.Replace("2\n", "two\n", StringComparison.Ordinal));
        _workspace.Write("text", Lines.Replace("8\n", "eight\n", StringComparison.Ordinal));

        var merged = await _main.MergeBranchAsync("idea", new MergeOptions { IsDryRun = isDryRun });

        Assert.False(merged.IsFastForward);
        Assert.Equal(isDryRun ? RestoreEnding.DryRun : RestoreEnding.Restored, merged.Restore.Ending);
        Assert.Equal(isDryRun ? Lines.Replace("8\n", "eight\n", StringComparison.Ordinal) : "1\ntwo\n3\n4\n5\n6\n7\neight\n9\n", _workspace.Read("text"));
    }

    [Fact]
    public async Task A_file_moved_and_edited_at_once_takes_the_other_sides_edit_along()
    {
        var text = string.Concat(Enumerable.Range(1, 40).Select(i => $"a line of its own, {i}\n"));
        _workspace.Write("long", text);
        await _main.CaptureAsync();
        await _main.CreateBranchAsync("mover");
        await using var mover = await _main.OpenBranchAsync("mover");
        File.Delete(Path.Combine(mover.Root, "long"));
        File.WriteAllText(Path.Combine(mover.Root, "elsewhere"), text.Replace("own, 3\n", "own, three\n", StringComparison.Ordinal));
        _workspace.Write("long", text.Replace("own, 30\n", "own, thirty\n", StringComparison.Ordinal));

        var merged = await _main.MergeBranchAsync("mover");

        Assert.Empty(merged.Restore.Conflicts);
        Assert.False(Path.Exists(_workspace.At("long")));
        Assert.Equal(text.Replace("own, 3\n", "own, three\n", StringComparison.Ordinal).Replace("own, 30\n", "own, thirty\n", StringComparison.Ordinal), _workspace.Read("elsewhere"));
    }

    private void InIdea(string path, string text)
    {
        var file = Path.Combine(_idea.Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
