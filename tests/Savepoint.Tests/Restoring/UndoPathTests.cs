using Savepoint.Model;
using Savepoint.Tests.Fidelity;
using Xunit;

namespace Savepoint.Tests.Restoring;

/// <summary>An undo touches what it undoes, and a restore leaves what nobody had looked at (docs/design/undo-paths.md).</summary>
public sealed class UndoPathTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("chmod 700 d", "stat -c %a d", "700\n")]
    [InlineData("mv d e", "cat d/a; ls d e", "first\nd:\na\n\ne:\na\nb\nc\n")]
    [InlineData("mv d e; ln -s e d", "cat d/a; ls d e", "first\nd:\na\n\ne:\na\nb\nc\n")]
    [InlineData("rm -r d; echo file > d", "cat d/a; ls d", "first\na\n")]
    [InlineData("rm d/a; mkdir d/a; echo 1 > d/a/x", "cat d/a; ls d", "first\na\nb\nc\n")]
    [InlineData("rm d/b; echo by hand > d/c", "cat d/a d/c; ls d", "first\nby hand\na\nc\n")]
    public async Task What_else_was_changed_by_hand_stays(string byHand, string look, string expected)
    {
        foreach (var name in new[] { "d/a", "d/b", "d/c" })
        {
            _workspace.Write(name, "first\n");
        }

        await using var manager = await _workspace.InitAsync();
        _workspace.Write("d/a", "second\n");
        await manager.CaptureAsync(cancellationToken: TestContext.Current.CancellationToken);
        Shell.Run(_workspace.Root, byHand);

        Assert.Equal(RestoreEnding.Restored, (await manager.UndoAsync(cancellationToken: TestContext.Current.CancellationToken)).Ending);

        Assert.Equal(expected, Shell.Run(_workspace.Root, look));
    }

    [Fact]
    public async Task An_ignored_file_that_was_always_there_stays_whatever_named_it_later()
    {
        _workspace.Write(".gitignore", ".env\nbuild\n");
        _workspace.Write(".env", "secret\n");
        _workspace.Write("build/cfg", "cfg\n");
        _workspace.Write("a", "1\n");
        await using var manager = await _workspace.InitAsync();
        _workspace.Write("a", "2\n");
        await manager.CaptureAsync(cancellationToken: TestContext.Current.CancellationToken);
        foreach (var (path, i) in new[] { (".env", 1), ("build/cfg", 2) })
        {
            var edit = await manager.BeginEditAsync(Workspace.Paths(path), cancellationToken: TestContext.Current.CancellationToken);
            _workspace.Write(path, "edited\n");
            await edit.CommitAsync(TestContext.Current.CancellationToken);
        }

        var result = await manager.RollbackAsync(new SnapshotNumber(1), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal((RestoreEnding.Restored, true), (result.Ending, result.IsVerified));
        Assert.Equal(("1\n", "secret\n", "cfg\n"), (_workspace.Read("a"), _workspace.Read(".env"), _workspace.Read("build/cfg")));
        Assert.Equal(["a rule kept it from being recorded before snapshot 3, so it is what that found"], result.Files.Where(file => file.Path.ToString() == ".env").Select(file => file.Reason));

        await manager.UndoAsync(cancellationToken: TestContext.Current.CancellationToken);
        await manager.UndoAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("cfg\n", _workspace.Read("build/cfg"));
        await manager.RollbackAsync(new SnapshotNumber(3), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("secret\n", _workspace.Read(".env"));
    }

    [Fact]
    public async Task An_ignored_file_that_a_capture_names_stays_when_that_is_undone_and_one_that_an_edit_makes_goes()
    {
        _workspace.Write(".gitignore", "*.log\n");
        _workspace.Write("old.log", "old\n");
        await using var manager = await _workspace.InitAsync();
        var captured = await manager.CaptureAsync(Workspace.Paths("old.log"), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(new SkippedEntry(WorkspacePath.Parse("old.log"), SkipReason.Ignored), Assert.Single(captured.Coverage.Skipped));
        Assert.True(captured.Coverage.IsComplete);
        var edit = await manager.BeginEditAsync(Workspace.Paths("new.log"), cancellationToken: TestContext.Current.CancellationToken);
        _workspace.Write("new.log", "new\n");
        await edit.CommitAsync(TestContext.Current.CancellationToken);

        await manager.UndoAsync(2, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(".gitignore\nold.log\n", Shell.Run(_workspace.Root, "ls -A"));
    }

    [Fact]
    public async Task What_is_done_to_an_ignored_file_that_was_left_is_undone_and_only_that()
    {
        _workspace.Write(".gitignore", "*.log\n");
        await using var manager = await _workspace.InitAsync();
        _workspace.Write("x.log", "1\n");
        await manager.CaptureAsync(Workspace.Paths("x.log"), cancellationToken: TestContext.Current.CancellationToken);
        var left = await manager.UndoAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((true, "x.log", RestoreFileResult.Unchanged), (left.IsVerified, Assert.Single(left.Files).Path.ToString(), left.Files[0].Result));
        _workspace.Write("x.log", "3\n");
        await manager.CaptureAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(RestoreFileResult.Done, Assert.Single((await manager.UndoAsync(cancellationToken: TestContext.Current.CancellationToken)).Files).Result);

        Assert.Equal("1\n", _workspace.Read("x.log"));
        await manager.RedoAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("3\n", _workspace.Read("x.log"));
    }

    [Fact]
    public async Task What_an_undo_left_the_next_one_leaves_too()
    {
        _workspace.Write("d/a", "first\n");
        _workspace.Write("b", "first\n");
        await using var manager = await _workspace.InitAsync();
        _workspace.Write("d/a", "second\n");
        await manager.CaptureAsync(cancellationToken: TestContext.Current.CancellationToken);
        Shell.Run(_workspace.Root, "chmod 700 d");
        await manager.UndoAsync(cancellationToken: TestContext.Current.CancellationToken);
        _workspace.Write("b", "second\n");
        await manager.CaptureAsync(cancellationToken: TestContext.Current.CancellationToken);

        await manager.UndoAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("first\nfirst\n700\n", Shell.Run(_workspace.Root, "cat d/a b; stat -c %a d"));
    }

    /// <summary>A rule that is gone says nothing of what it had kept out: it was there all the time, most likely.</summary>
    [Theory]
    [InlineData("rm .gitignore", false)]
    [InlineData("mv .gitignore elsewhere", false)]
    [InlineData("echo '!.env' >> .gitignore; echo '!build/' >> .gitignore", false)]
    [InlineData("rm .gitignore", true)]
    public async Task What_a_rule_had_kept_out_stays_when_that_is_undone_which_took_the_rule_away(string change, bool isNamed)
    {
        _workspace.Write(".gitignore", ".env\nbuild/\n");
        _workspace.Write(".env", "secret\n");
        _workspace.Write("build/deep/o", "o\n");
        await using var manager = await _workspace.InitAsync();
        var before = Manifest.OfTree(_workspace.Root);
        Shell.Run(_workspace.Root, change);
        if (isNamed)
        {
            await manager.CaptureAsync(Workspace.Paths(".gitignore"), cancellationToken: TestContext.Current.CancellationToken);
        }

        _workspace.Write("new", "made by the same");
        var captured = await manager.CaptureAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal([".env", "build"], captured.Coverage.Skipped.Where(entry => entry.Reason == SkipReason.Ignored).Select(entry => entry.Path.ToString()));
        Assert.DoesNotContain((await manager.RollbackAsync(new SnapshotNumber(1), dryRun: true, cancellationToken: TestContext.Current.CancellationToken)).Files, file => file.Path.ToString() == ".env");

        await manager.RollbackAsync(new SnapshotNumber(1), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(before, Manifest.OfTree(_workspace.Root));

        // What is made once the rule is gone and that was seen is new.
        await manager.UndoAsync(cancellationToken: TestContext.Current.CancellationToken);
        _workspace.Write("build/later", "");
        await manager.CaptureAsync(cancellationToken: TestContext.Current.CancellationToken);
        await manager.UndoAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.False(File.Exists(_workspace.At("build/later")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_rule_that_went_and_is_not_known_any_more_keeps_no_capture_from_being_made(bool isForgotten)
    {
        _workspace.Write(".gitignore", ".env\n");
        _workspace.Write(".env", "secret\n");
        await using var manager = await _workspace.InitAsync();
        File.Delete(_workspace.At(".gitignore"));
        if (isForgotten)
        {
            await manager.CaptureAsync(Workspace.Paths(".gitignore"), cancellationToken: TestContext.Current.CancellationToken);
            await manager.ForgetAsync(Workspace.Paths(".gitignore"), cancellationToken: TestContext.Current.CancellationToken);
        }
        else
        {
            Storage.Sql.Execute(Path.Combine(manager.StoreDirectory, "store.db"), "UPDATE contents SET data = x'00'");
        }

        var captured = await manager.CaptureAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Contains(captured.Snapshot!.Changes, change => change.Path.ToString() == ".env");
    }

    /// <summary>Nothing can have been below a file or a link, ignored or not.</summary>
    [Theory]
    [InlineData("echo 1 > build", "rm build; mkdir build; echo 'build/' > .gitignore; echo o > build/a.o")]
    [InlineData("echo 1 > build; echo '*.o' > .gitignore", "rm build; mkdir build; echo o > build/a.o")]
    [InlineData("ln -s nowhere build; echo 'build/' > .gitignore", "rm build; mkdir -p build/deep; echo o > build/deep/a.o")]
    public async Task What_is_ignored_in_place_of_a_file_is_recorded_and_gives_way(string before, string after)
    {
        Shell.Run(_workspace.Root, before);
        await using var manager = await _workspace.InitAsync();
        var old = Manifest.OfTree(_workspace.Root);
        Shell.Run(_workspace.Root, after);
        var now = Manifest.OfTree(_workspace.Root);

        Assert.Equal(RestoreEnding.Restored, (await manager.RollbackAsync(new SnapshotNumber(1), cancellationToken: TestContext.Current.CancellationToken)).Ending);
        Assert.Equal(old, Manifest.OfTree(_workspace.Root));
        await manager.UndoAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(now, Manifest.OfTree(_workspace.Root));

        await manager.UndoAsync(2, cancellationToken: TestContext.Current.CancellationToken); // what was found in two looks
        Assert.Equal(old, Manifest.OfTree(_workspace.Root));
    }
}
