using Savepoint.Model;
using Savepoint.Tests.Fidelity;
using Xunit;

namespace Savepoint.Tests;

/// <summary>What users of other systems suffered from (docs/complaints.md), where no other test holds the promise.</summary>
public sealed class ComplaintTests : IDisposable
{
    private readonly Workspace _workspace = new();

    [Fact]
    public async Task A_rollback_leaves_ignored_files_and_brings_unrecorded_ones_back_with_an_undo()
    {
        _workspace.Write(".gitignore", "outputs/\n");
        _workspace.Write("source", "1");
        await using var manager = await _workspace.InitAsync();
        _workspace.Write("outputs/model.bin", "hours of work");
        _workspace.Write("notes", "never recorded");
        _workspace.Write("source", "2");

        await manager.RollbackAsync(new SnapshotNumber(1));
        Assert.Equal("1", _workspace.Read("source"));
        Assert.Equal("hours of work", _workspace.Read("outputs/model.bin"));

        await manager.UndoAsync();
        Assert.Equal(("2", "never recorded"), (_workspace.Read("source"), _workspace.Read("notes")));
    }

    [Fact]
    public async Task A_rollback_to_before_an_ignore_rule_deletes_nothing_that_it_protects()
    {
        _workspace.Write("source", "1");
        await using var manager = await _workspace.InitAsync();
        _workspace.Write(".gitignore", "secret\ncache/\n");
        _workspace.Write("secret", "token");
        _workspace.Write("cache/entry", "cached");
        await manager.CaptureAsync();

        await manager.RollbackAsync(new SnapshotNumber(1));

        Assert.False(File.Exists(_workspace.At(".gitignore")));
        Assert.Equal(("token", "cached"), (_workspace.Read("secret"), _workspace.Read("cache/entry")));
    }

    [Fact]
    public async Task An_ignore_rule_that_is_dropped_costs_no_file_its_bytes()
    {
        _workspace.Write(".gitignore", "secret\n");
        _workspace.Write("secret", "token");
        await using var manager = await _workspace.InitAsync();
        _workspace.Write(".gitignore", "");

        await manager.RollbackAsync(new SnapshotNumber(1));
        Assert.Equal(("secret\n", "token"), (_workspace.Read(".gitignore"), _workspace.Read("secret")));
        await manager.UndoAsync();

        Assert.Equal(("", "token"), (_workspace.Read(".gitignore"), _workspace.Read("secret")));
    }

    [Fact]
    public async Task A_rule_that_is_added_deletes_nothing_that_is_recorded()
    {
        _workspace.Write("build/kept", "1");
        await using var manager = await _workspace.InitAsync();
        _workspace.Write(".gitignore", "build/\n");

        var capture = await manager.CaptureAsync();

        Assert.Equal(".gitignore", Assert.Single(capture.Snapshot!.Changes).Path.ToString());
        _workspace.Write("build/kept", "2");
        Assert.Equal("build/kept", Assert.Single((await manager.CaptureAsync()).Snapshot!.Changes).Path.ToString());
    }

    [Fact]
    public async Task An_undo_by_accident_is_taken_back()
    {
        _workspace.Write("a", "1");
        await using var manager = await _workspace.InitAsync();
        _workspace.Write("a", "2");
        _workspace.Write("b", "new");
        await manager.CaptureAsync();
        var tree = Manifest.OfTree(_workspace.Root);

        await manager.UndoAsync();
        Assert.NotEqual(tree, Manifest.OfTree(_workspace.Root));
        await manager.RedoAsync();
        Assert.Equal(tree, Manifest.OfTree(_workspace.Root));

        await manager.RollbackAsync(new SnapshotNumber(1));
        await manager.UndoAsync();
        Assert.Equal(tree, Manifest.OfTree(_workspace.Root));
    }

    [Fact]
    public async Task An_undo_of_an_edit_touches_no_other_file()
    {
        _workspace.Write("agents", "1");
        _workspace.Write("users", "1");
        await using var manager = await _workspace.InitAsync();
        var edit = await manager.BeginEditAsync(Workspace.Paths("agents"));
        _workspace.Write("agents", "2");
        await edit.CommitAsync();
        _workspace.Write("users", "uncommitted work");
        var times = Manifest.OfTimes(_workspace.Root).Split('\n').Where(line => line.EndsWith("users", StringComparison.Ordinal)).ToList();

        var result = await manager.UndoAsync();

        Assert.Equal("agents", Assert.Single(result.Files).Path.ToString());
        Assert.Equal(("1", "uncommitted work"), (_workspace.Read("agents"), _workspace.Read("users")));
        Assert.Equal(times, Manifest.OfTimes(_workspace.Root).Split('\n').Where(line => line.EndsWith("users", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Nested_repositories_are_plain_files_and_their_git_stays_as_it_is()
    {
        Shell.Run(_workspace.Root, """
            for r in . inner inner/deeper; do mkdir -p $r; (cd $r && git init -q . && echo 1 > file && git add file && git -c user.name=t -c user.email=t@example.org commit -qm first); done
            mkdir empty && (cd empty && git init -q .)
            """);
        await using var manager = await _workspace.InitAsync();
        var (tree, git) = (Manifest.OfTree(_workspace.Root), Manifest.OfGit(_workspace.Root));
        Shell.Run(_workspace.Root, "for r in . inner inner/deeper empty; do echo 2 > $r/file; done");

        await manager.RollbackAsync(new SnapshotNumber(1));

        Assert.Equal(tree, Manifest.OfTree(_workspace.Root));
        Assert.Equal(git, Manifest.OfGit(_workspace.Root));
    }

    [Fact]
    public async Task What_a_scan_did_not_reach_is_not_taken_for_deleted()
    {
        for (var i = 0; i < 300; i++)
        {
            _workspace.Write($"d{i}/file", "1");
        }

        await using (await _workspace.InitAsync())
        {
        }

        var tree = Manifest.OfTree(_workspace.Root);
        _workspace.Options = _workspace.Options with { ScanDeadline = TimeSpan.FromTicks(1) };
        await using var manager = await _workspace.OpenAsync();

        var capture = await manager.CaptureAsync();
        Assert.Null(capture.Snapshot);
        Assert.False(capture.Coverage.IsComplete);
        await manager.RollbackAsync(new SnapshotNumber(1));

        Assert.Equal(tree, Manifest.OfTree(_workspace.Root));
    }

    [Fact]
    public async Task A_directory_that_became_a_link_is_not_written_through()
    {
        _workspace.Write("folder/file", "inside");
        await using var manager = await _workspace.InitAsync();
        Shell.Run(_workspace.Root, "rm -r folder && mkdir ../outside && printf outside > ../outside/file && ln -s ../outside folder");

        await manager.RollbackAsync(new SnapshotNumber(1));

        Assert.Equal("inside", _workspace.Read("folder/file"));
        Assert.Equal("outside", File.ReadAllText(Path.Combine(_workspace.Scratch, "outside/file")));
    }

    [Fact]
    public async Task Outside_git_and_without_git_everything_works()
    {
        // Git's own place is one of several; a search path without any is the surest way not to have it.
        var home = Directory.CreateDirectory(Path.Combine(_workspace.Scratch, "home")).FullName;
        _workspace.Write(".gitignore", "*.log\n");
        _workspace.Write("a.log", "ignored");
        _workspace.Write("file", "1");
        var script = $"""
            export HOME={home} SAVEPOINT_HOME={home}/stores PATH=/nonexistent
            sp={Processes.NativeCommand.File}
            $sp init && echo 2 > file && $sp capture && $sp undo && read -r line < file || echo "$line"
            $sp status --json
            """;

        var said = Shell.Run(_workspace.Root, script);

        Assert.Contains("Tracking", said, StringComparison.Ordinal);
        Assert.Equal("1", _workspace.Read("file"));
        await using var manager = await SnapshotManager.OpenAsync(_workspace.Root, _workspace.Options with { StoreHome = Path.Combine(home, "stores") });
        Assert.DoesNotContain(WorkspacePath.Parse("a.log"), manager.TreeAt(new SnapshotNumber(1)).Keys);
    }

    public void Dispose() => _workspace.Dispose();
}
