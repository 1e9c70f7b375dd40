using System.Text;
using Savepoint.Model;
using Xunit;

namespace Savepoint.Tests.Editing;

/// <summary>The seed's tools on a workspace. What is about text alone is in <see cref="EditBlockTests"/> and <see cref="RangedEditTests"/>.</summary>
public sealed class EditingToolsTests : IAsyncLifetime
{
    private readonly Workspace _workspace = new();
    private SnapshotManager _manager = null!;
    private EditingTools _tools = null!;

    public async ValueTask InitializeAsync()
    {
        _workspace.Write("src/a.txt", "one\ntwo\nthree\n");
        _workspace.Write("b.txt", "bee\n");
        _manager = await _workspace.InitAsync();
        _tools = new EditingTools(_manager);
    }

    public async ValueTask DisposeAsync()
    {
        await _manager.DisposeAsync();
        _workspace.Dispose();
    }

    [Fact]
    public async Task A_whole_file_is_made_with_the_directories_above_it()
    {
        var result = await _tools.ApplyWholeFileEditAsync("new/deep/c.txt", "sea\n");

        Assert.True(result.Success, result.Message);
        Assert.Equal("sea\n", _workspace.Read("new/deep/c.txt"));
        Assert.Equal("diff --git a/new/deep/c.txt b/new/deep/c.txt\nnew file mode 100644\n--- /dev/null\n+++ b/new/deep/c.txt\n@@ -0,0 +1 @@\n+sea\n", result.Diff);
        Assert.True(result.IsDiffComplete);
        Assert.Equal(1, result.ChangesApplied);
        Assert.Equal(Workspace.Paths("new/deep/c.txt"), result.AffectedFiles);
        Assert.Equal(_manager.Head, result.Snapshot);
        Assert.Contains("made new/deep/c.txt", result.Message);
    }

    [Fact]
    public async Task The_snapshot_has_the_actor_the_tool_and_the_edit_alone()
    {
        _workspace.Write("src/a.txt", "one\nby hand\nthree\n");
        var actor = new Actor("agent", "session", "turn", "call");

        var result = await _tools.ApplyEditBlockAsync("src/a.txt", "three", "THREE", context: new CaptureContext { Actor = actor });

        var snapshot = _manager.GetSnapshot(result.Snapshot!.Value);
        Assert.Equal((actor, "ApplyEditBlock", SnapshotKind.Operation), (snapshot.Actor, snapshot.Tool, snapshot.Kind));
        Assert.Equal(SnapshotKind.Drift, _manager.GetSnapshot(result.Drift!.Value).Kind);
        await _manager.UndoAsync();
        Assert.Equal("one\nby hand\nthree\n", _workspace.Read("src/a.txt"));
    }

    [Fact]
    public async Task Bytes_are_written_as_they_are()
    {
        byte[] bytes = [0, 1, 0xFF, (byte)'\r', (byte)'\n', 0xFE, 0];

        var result = await _tools.ApplyWholeFileEditAsync("src/a.txt", bytes.AsMemory());

        Assert.Equal(bytes, await File.ReadAllBytesAsync(_workspace.At("src/a.txt"), TestContext.Current.CancellationToken));
        Assert.Contains("GIT binary patch", result.Diff);
        Assert.True((await _tools.ReverseDiffAsync(result.Diff)).Success);
        Assert.Equal("one\ntwo\nthree\n", _workspace.Read("src/a.txt"));
    }

    [Fact]
    public async Task A_whole_text_keeps_the_files_encoding_mark_line_ends_and_mode()
    {
        _workspace.Write("u.txt", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("a\r\nb\r\n")]);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_workspace.At("u.txt"), (UnixFileMode)0b111_101_000);
        }

        await _tools.ApplyWholeFileEditAsync("u.txt", "\u4F60\nz\n");

        byte[] expected = [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("\u4F60\r\nz\r\n")];
        Assert.Equal(expected, await File.ReadAllBytesAsync(_workspace.At("u.txt"), TestContext.Current.CancellationToken));
        Assert.Equal("0750", ((FileState.Regular)_manager.StateAt(_manager.Head!.Value, WorkspacePath.Parse("u.txt"))).Mode.ToString());
    }

    [Fact]
    public async Task A_file_that_is_so_already_is_a_success_without_a_snapshot()
    {
        var head = _manager.Head;

        var result = await _tools.ApplyWholeFileEditAsync("b.txt", "bee\n");

        Assert.True(result.Success);
        Assert.Null(result.Snapshot);
        Assert.Equal((0, head), (result.ChangesApplied, _manager.Head));
    }

    [Fact]
    public async Task A_diff_of_several_files_makes_changes_moves_and_deletes()
    {
        const string Diff = """
            --- a/src/a.txt
            +++ b/src/a.txt
            @@ -1,3 +1,3 @@
             one
            -two
            +TWO
             three
            --- /dev/null
            +++ b/new.txt
            @@ -0,0 +1 @@
            +new
            --- a/b.txt
            +++ /dev/null
            @@ -1 +0,0 @@
            -bee

            """;

        var result = await _tools.ApplyUnifiedDiffAsync(Diff.ReplaceLineEndings("\n"));

        Assert.True(result.Success, result.Message);
        Assert.Equal(("one\nTWO\nthree\n", "new\n", false), (_workspace.Read("src/a.txt"), _workspace.Read("new.txt"), File.Exists(_workspace.At("b.txt"))));
        Assert.Equal(Workspace.Paths("b.txt", "new.txt", "src/a.txt"), result.AffectedFiles);
        Assert.Equal(3, result.MultiFileResults.Count);
        Assert.Equal(1, (await _manager.UndoAsync()).Files.Count(file => file.Path == WorkspacePath.Parse("b.txt")));
        Assert.Equal(("one\ntwo\nthree\n", "bee\n", false), (_workspace.Read("src/a.txt"), _workspace.Read("b.txt"), File.Exists(_workspace.At("new.txt"))));
    }

    [Fact]
    public async Task A_diff_of_which_one_file_does_not_fit_changes_none()
    {
        var head = _manager.Head;

        var result = await _tools.ApplyUnifiedDiffAsync("--- a/b.txt\n+++ b/b.txt\n@@ -1 +1 @@\n-bee\n+BEE\n--- a/src/a.txt\n+++ b/src/a.txt\n@@ -1,2 +1,2 @@\n one\n-2\n+TWO\n");

        Assert.False(result.Success);
        Assert.Equal("bee\n", _workspace.Read("b.txt"));
        Assert.Equal(head, _manager.Head);
        Assert.Contains("Hunk 1 does not fit src/a.txt", result.Message);
        Assert.Contains("The nearest place is lines 1 to 2:", result.Message);
        Assert.Equal([(WorkspacePath.Parse("src/a.txt"), false)], result.MultiFileResults.Select(file => (file.Path, file.Success)));
    }

    [Fact]
    public async Task A_diff_fits_a_file_with_CRLF_and_keeps_it()
    {
        _workspace.Write("w.txt", "\uFEFFa\r\nb\r\nc\r\n");

        var result = await _tools.ApplyUnifiedDiffAsync("--- a/w.txt\n+++ b/w.txt\n@@ -1,3 +1,4 @@\n a\n-b\n+B\n+BB\n c\n");

        Assert.True(result.Success, result.Message);
        Assert.Equal("\uFEFFa\r\nB\r\nBB\r\nc\r\n", Encoding.UTF8.GetString(await File.ReadAllBytesAsync(_workspace.At("w.txt"), TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task The_paths_of_a_diff_may_be_relative_to_a_directory()
    {
        Assert.True((await _tools.ApplyUnifiedDiffAsync("--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-one\n+1\n", "src")).Success);
        Assert.StartsWith("1\n", _workspace.Read("src/a.txt"));
    }

    [Fact]
    public async Task A_diff_whose_line_reads_EOF_is_a_diff_like_any_other()
    {
        var made = await _tools.ApplyWholeFileEditAsync("sh", "cat <<EOF\nEOF\n");

        Assert.True((await _tools.ReverseDiffAsync(made.Diff)).Success);
        Assert.True((await _tools.ApplyUnifiedDiffAsync(made.Diff)).Success);
        Assert.Equal("cat <<EOF\nEOF\n", _workspace.Read("sh"));
    }

    [Fact]
    public async Task An_empty_search_block_makes_a_file_and_overwrites_none()
    {
        Assert.True((await _tools.ApplyEditBlockAsync("made.txt", "", "made\n")).Success);
        Assert.Equal("made\n", _workspace.Read("made.txt"));
        Assert.Contains("b.txt exists", (await _tools.ApplyEditBlockAsync("b.txt", "", "gone\n")).Message);
        Assert.Equal("bee\n", _workspace.Read("b.txt"));
    }

    [Fact]
    public async Task A_directory_is_deleted_with_what_it_holds_only_when_asked()
    {
        _workspace.Write("src/.gitignore", "secret\n");
        _workspace.Write("src/secret", "kept nowhere else\n");

        Assert.Contains("not empty", (await _tools.DeleteAsync("src")).Message);
        var result = await _tools.DeleteAsync("src", recursive: true);

        Assert.False(Directory.Exists(_workspace.At("src")));
        Assert.Equal(Workspace.Paths("src/.gitignore", "src/a.txt", "src/secret"), result.AffectedFiles);
        await _manager.UndoAsync();
        Assert.Equal("kept nowhere else\n", _workspace.Read("src/secret"));
    }

    [Fact]
    public async Task A_link_is_deleted_and_what_it_leads_to_stays()
    {
        File.CreateSymbolicLink(_workspace.At("link"), _workspace.Scratch);

        Assert.True((await _tools.DeleteAsync("link", recursive: true)).Success);
        Assert.True(Directory.Exists(_workspace.Scratch));
        Assert.Null(new FileInfo(_workspace.At("link")).LinkTarget);
    }

    [Fact]
    public async Task A_directory_moves_with_what_it_holds_and_is_moved_back_by_undo()
    {
        var result = await _tools.RenameAsync("src", "lib/source");

        Assert.True(result.Success, result.Message);
        Assert.Equal("one\ntwo\nthree\n", _workspace.Read("lib/source/a.txt"));
        Assert.Contains("rename from src/a.txt\nrename to lib/source/a.txt\n", result.Diff);
        Assert.Contains("exists already", (await _tools.RenameAsync("b.txt", "lib/source/a.txt")).Message);
        await _manager.UndoAsync();
        Assert.Equal("one\ntwo\nthree\n", _workspace.Read("src/a.txt"));
        Assert.False(Directory.Exists(_workspace.At("lib")));
    }

    [Fact]
    public async Task Filters_are_globs_and_no_parts_of_names()
    {
        var made = await _tools.ApplyUnifiedDiffAsync("--- /dev/null\n+++ b/a.cs\n@@ -0,0 +1 @@\n+1\n--- /dev/null\n+++ b/a.css\n@@ -0,0 +1 @@\n+1\n--- /dev/null\n+++ b/gen/b.cs\n@@ -0,0 +1 @@\n+1\n");

        var result = await _tools.ReverseDiffAsync(made.Diff, ["*.cs"], ["gen/"]);

        Assert.Equal(Workspace.Paths("a.cs"), result.AffectedFiles);
        Assert.Equal((true, true), (File.Exists(_workspace.At("a.css")), File.Exists(_workspace.At("gen/b.cs"))));
        Assert.Contains("No file of the diff is left", (await _tools.ReverseDiffAsync(made.Diff, ["a.c"])).Message);
    }

    [Fact]
    public async Task A_reverse_that_conflicts_changes_nothing_or_leaves_those_files_out_when_asked()
    {
        var made = await _tools.ApplyUnifiedDiffAsync("--- a/b.txt\n+++ b/b.txt\n@@ -1 +1 @@\n-bee\n+BEE\n--- /dev/null\n+++ b/c.txt\n@@ -0,0 +1 @@\n+1\n");
        _workspace.Write("b.txt", "by hand\n");

        Assert.False((await _tools.ReverseDiffAsync(made.Diff)).Success);
        Assert.Equal(("by hand\n", "1\n"), (_workspace.Read("b.txt"), _workspace.Read("c.txt")));
        var forced = await _tools.ReverseDiffAsync(made.Diff, checkConflicts: false);

        Assert.True(forced.Success);
        Assert.Equal(("by hand\n", false), (_workspace.Read("b.txt"), File.Exists(_workspace.At("c.txt"))));
        Assert.Equal([("b.txt", false), ("c.txt", true)], forced.MultiFileResults.Select(file => (file.Path.ToString(), file.Success)));
    }

    [Theory]
    [InlineData("../outside.txt", "a segment '..'")]
    [InlineData("src/../../outside.txt", "a segment '..'")]
    [InlineData("/etc/passwd", "is outside the workspace")]
    [InlineData(".git/config", "belongs to git")]
    [InlineData("sub/.GIT/hooks/x", "belongs to git")]
    [InlineData("", "The path is empty")]
    [InlineData(".", "is the workspace itself")]
    [InlineData("src", "is a directory")]
    [InlineData("b.txt/below", "is a file")]
    [InlineData("a\0b", "a NUL byte")]
    [InlineData("out/x.txt", "leads through the symbolic link out")]
    [InlineData("inner", "is a symbolic link to b.txt")]
    [InlineData(".~sp-0123456789abcdef", "belongs to Savepoint")]
    public async Task A_path_that_is_refused_says_why_and_nothing_is_written(string path, string expected)
    {
        Directory.CreateSymbolicLink(_workspace.At("out"), _workspace.Scratch);
        File.CreateSymbolicLink(_workspace.At("inner"), "b.txt");
        var head = _manager.Head;

        var result = await _tools.ApplyWholeFileEditAsync(path, "x");

        Assert.False(result.Success);
        Assert.Contains(expected, result.Message);
        Assert.Equal(("bee\n", head), (_workspace.Read("b.txt"), _manager.Head));
        Assert.False(File.Exists(Path.Combine(_workspace.Scratch, "x.txt")));
    }

    [Fact]
    public async Task A_diff_that_leads_out_is_refused()
    {
        Directory.CreateSymbolicLink(_workspace.At("out"), _workspace.Scratch);

        Assert.Contains("is refused", (await _tools.ApplyUnifiedDiffAsync("--- /dev/null\n+++ b/../x\n@@ -0,0 +1 @@\n+1\n")).Message);
        Assert.Contains("symbolic link", (await _tools.ApplyUnifiedDiffAsync("--- /dev/null\n+++ b/out/x\n@@ -0,0 +1 @@\n+1\n")).Message);
        Assert.False(File.Exists(Path.Combine(_workspace.Scratch, "x")));
    }

    [Fact]
    public async Task An_absolute_path_counts_if_it_leads_into_the_workspace_by_any_name()
    {
        var other = Path.Combine(_workspace.Scratch, "other-name");
        Directory.CreateSymbolicLink(other, _workspace.Root);

        Assert.True((await _tools.ApplyWholeFileEditAsync(_workspace.At("b.txt"), "1\n")).Success);
        Assert.True((await _tools.ApplyWholeFileEditAsync(Path.Combine(other, "b.txt"), "2\n")).Success);
        Assert.Equal("2\n", _workspace.Read("b.txt"));
    }

    [Fact]
    public async Task A_binary_file_is_no_text_to_edit()
    {
        _workspace.Write("bin", [1, 0, 2]);

        Assert.Contains("bin is no text", (await _tools.ApplyEditBlockAsync("bin", "x", "y")).Message);
        Assert.Contains("bin is no text", (await _tools.ApplyRangedEditAsync("bin", "x", 1, 1)).Message);
    }

    [Fact]
    public async Task The_diff_of_a_file_that_is_not_UTF_8_loses_no_byte()
    {
        var latin = Encoding.Latin1.GetBytes("ol\u00E9\n");
        _workspace.Write("l.txt", latin);

        var result = await _tools.ApplyRangedEditAsync("l.txt", "\u00FCber", 1, 1);

        Assert.Equal(Encoding.Latin1.GetBytes("\u00FCber\n"), await File.ReadAllBytesAsync(_workspace.At("l.txt"), TestContext.Current.CancellationToken));
        Assert.True((await _tools.ReverseDiffAsync(result.Diff)).Success);
        Assert.Equal(latin, await File.ReadAllBytesAsync(_workspace.At("l.txt"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_diff_that_is_too_long_names_what_it_leaves_out()
    {
        var result = await _tools.ApplyWholeFileEditAsync("long.txt", string.Concat(Enumerable.Range(0, 40_000).Select(i => $"line {i}\n")));

        Assert.True(result.Success);
        Assert.False(result.IsDiffComplete);
        Assert.Equal("# long.txt changed as well; its diff is left out here, being too long.\n", result.Diff);
        Assert.Contains("The diff does not show everything.", result.Message);
    }

    [Fact]
    public async Task A_large_folder_is_deleted_with_a_diff_of_what_fits_and_comes_back()
    {
        for (var i = 0; i < 60; i++)
        {
            _workspace.Write($"modules/{i:00}.js", string.Concat(Enumerable.Repeat($"module {i}\n", 900)));
        }

        var result = await _tools.DeleteAsync("modules", recursive: true);

        Assert.True(result.Success, result.Message);
        Assert.InRange(Encoding.UTF8.GetByteCount(result.Diff), 1, EditingTools.MaxDiffLength + 2000);
        Assert.Equal((60, 60, false), (result.AffectedFiles.Count, result.MultiFileResults.Count, result.IsDiffComplete));
        Assert.Matches("# So did \\d+ more[.]\n$", result.Diff);
        await _manager.UndoAsync();
        Assert.Equal(60, Directory.EnumerateFiles(_workspace.At("modules")).Count());
    }

    [Fact]
    public async Task Nothing_is_made_below_a_file()
    {
        var result = await _tools.ApplyWholeFileEditAsync("src/a.txt/x/y", "z");

        Assert.False(result.Success);
        Assert.Contains("src/a.txt is a file, so nothing can be made in it.", result.Message);
    }
}
