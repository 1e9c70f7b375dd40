namespace Savepoint.Cli.Tests.Verbs;

/// <summary>What <c>merge</c> and <c>revert</c> say of conflicts that they were asked to write: nothing of the other side is dropped without a word.</summary>
public sealed class MergeConflictTests : IDisposable
{
    private readonly CliWorkspace _workspace = new();

    public MergeConflictTests()
    {
        _workspace.Write("same", "base\n");
        _workspace.Run("init").Expect(0);
        _workspace.Run("branch", "create", "x", "--dir", "../x").Expect(0);
    }

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void A_text_that_both_added_is_written_as_git_writes_it()
    {
        _workspace.Shell("printf 'alike\\ntheirs\\n' > ../x/new; echo other > ../x/other; printf 'alike\\nours\\n' > new").Expect(0);
        var expected = _workspace.Shell("git merge-file -p -L 'ours (main)' -L base -L 'theirs (x)' new /dev/null ../x/new; true").Expect(0).Output;

        Assert.Contains("'savepoint merge x --conflict=markers'", _workspace.Run("merge", "x").Expect(3).Error, StringComparison.Ordinal);
        var merged = _workspace.Run("merge", "x", "--conflict=markers").Expect(3);

        Assert.Equal((expected, "other\n"), (_workspace.Read("new"), _workspace.Read("other")));
        Assert.Contains("<<<<<<< ours (main)\nours\n", expected, StringComparison.Ordinal);
        Assert.Contains("add-add       new, lines 1-2: both put something there; both versions stand between markers", merged.Output, StringComparison.Ordinal);
        Assert.Contains("lines that conflict stand between markers. ", $"{merged.Error.Replace('\n', ' ')}", StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_conflict_without_markers_it_is_said_what_stands_and_where_theirs_is()
    {
        _workspace.Shell("printf 'a\\0' > 'a binary'; echo d > gone; echo m > edited; ln -s a link; savepoint capture -q; cd ../x && savepoint merge main -q").Expect(0);
        _workspace.Shell("cd ../x; printf 't\\0' > 'a binary'; echo theirs > gone; rm edited; ln -sfn t link; mkdir dir; echo t > dir/t; echo theirs > same; echo other > other").Expect(0);
        _workspace.Shell("printf 'o\\0' > 'a binary'; rm gone; echo ours > edited; ln -sfn o link; echo o > dir; echo ours > same").Expect(0);

        var merged = _workspace.Run("merge", "x", "--conflict=markers").Expect(3);

        var theirs = _workspace.Run("log", "--branch", "x", "-n", "1", "--json").Expect(0).JsonLines[0].GetProperty("snapshot").GetInt64();
        foreach (var line in (string[])
        [
            $"a binary: both changed it, and it is no text; ours was kept; theirs is in snapshot {theirs}: 'savepoint cat {theirs} 'a binary''",
            $"gone: deleted here, and changed or moved there; it stays deleted; theirs is in snapshot {theirs}: 'savepoint cat {theirs} gone'",
            "edited: changed or moved here, and deleted there; ours was kept; theirs has nothing there",
            $"link: points elsewhere in each; ours was kept; theirs is in snapshot {theirs}: 'savepoint cat {theirs} link'",
            $"dir: both put something there; ours was kept; theirs is in snapshot {theirs}: 'savepoint diff {theirs} --path dir'",
            "same, line 1: both changed it, or lines next to each other; both versions stand between markers",
        ])
        {
            Assert.Contains(line, merged.Output, StringComparison.Ordinal);
        }

        Assert.Contains("stand between markers, and what was here was kept in 6 paths where there can be none", merged.Error, StringComparison.Ordinal);
        Assert.Contains("no later merge brings it", merged.Error, StringComparison.Ordinal);
        Assert.Equal(("ours\n", "o\n", "other\n", "o\0"), (_workspace.Read("edited"), _workspace.Read("dir"), _workspace.Read("other"), _workspace.Read("a binary")));
        Assert.Contains("<<<<<<< ours (main)\nours\n=======\ntheirs\n", _workspace.Read("same"), StringComparison.Ordinal);
        Assert.Equal("t\0", _workspace.Shell($"savepoint cat {theirs} 'a binary'").Expect(0).Output);
        Assert.Contains("Nothing to merge", _workspace.Run("merge", "x").Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void In_json_each_conflict_has_where_markers_and_theirs_are()
    {
        _workspace.Shell("echo theirs > ../x/new; printf 't\\0' > ../x/binary; echo ours > new; printf 'o\\0' > binary").Expect(0);

        var answer = _workspace.Run("merge", "x", "--conflict=markers", "--json").Expect(3).Json;

        JsonSchema.Check("merge", answer);
        var (theirs, conflicts) = (answer.GetProperty("theirs").GetInt64(), answer.GetProperty("conflicts").EnumerateArray().ToList());
        Assert.True(answer.GetProperty("written").GetBoolean());
        Assert.Equal(["null", """{"path":"new"}"""], conflicts.Select(conflict => conflict.GetProperty("markers").GetRawText()));
        Assert.All(conflicts, conflict => Assert.Equal($$"""{"snapshot":{{theirs}},"path":"{{conflict.GetProperty("path").GetString()}}","type":"file"}""", conflict.GetProperty("theirs").GetRawText()));
    }

    [Fact]
    public void Where_nothing_can_have_markers_all_else_is_merged_and_nobody_is_sent_for_them()
    {
        _workspace.Shell("printf 't\\0' > ../x/binary; echo other > ../x/other; printf 'o\\0' > binary").Expect(0);

        var merged = _workspace.Run("merge", "x", "--conflict=markers").Expect(3);

        Assert.Contains("All else was merged; where there can be no markers, what was here was kept.", merged.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("stand between", merged.Error + merged.Output, StringComparison.Ordinal);
        Assert.Equal(("other\n", "o\0"), (_workspace.Read("other"), _workspace.Read("binary")));
    }

    [Fact]
    public void Where_there_is_nothing_to_write_it_says_how_a_path_is_taken_as_theirs()
    {
        _workspace.Shell("printf 't\\0' > ../x/binary; printf 'o\\0' > binary").Expect(0);

        var refused = _workspace.Run("merge", "x", "--json").Expect(3);

        Assert.False(refused.Json.GetProperty("written").GetBoolean());
        var theirs = refused.Json.GetProperty("theirs").GetInt64();
        Assert.Contains($"No lines of text conflict that could be written between markers; 'savepoint rollback {theirs} --path PATH' takes a path as x has it, then merge again; --conflict=markers keeps what is here, and counts as merged.", refused.Error, StringComparison.Ordinal);
        _workspace.Run("rollback", $"{theirs}", "--path", "binary").Expect(0);
        _workspace.Run("merge", "x").Expect(0);
        Assert.Equal("t\0", _workspace.Read("binary"));
    }

    [Fact]
    public void Where_there_is_nothing_to_write_markers_end_it_with_what_is_here()
    {
        _workspace.Shell("printf 't\\0' > ../x/binary; printf 'o\\0' > binary").Expect(0);

        var merged = _workspace.Run("merge", "x", "--conflict=markers", "--json").Expect(3);

        JsonSchema.Check("merge", merged.Json);
        Assert.True(merged.Json.GetProperty("written").GetBoolean());
        Assert.Equal(merged.Json.GetProperty("head").GetInt64(), merged.Json.GetProperty("snapshot").GetInt64());
        Assert.Contains("where there can be no markers, what was here was kept", merged.Error, StringComparison.Ordinal);
        Assert.Contains("Nothing to merge", _workspace.Run("merge", "x").Expect(0).Output, StringComparison.Ordinal);
        _workspace.Run("undo").Expect(0);
        Assert.Contains("--conflict=markers keeps what is here", _workspace.Run("merge", "x").Expect(3).Error, StringComparison.Ordinal);
        Assert.Equal("o\0", _workspace.Read("binary"));
    }

    [Fact]
    public void A_revert_says_the_same_of_what_stands_in_its_way()
    {
        _workspace.Shell("printf 'a\\0' > binary; savepoint capture -q; rm same binary; savepoint capture -q; echo anew > same; printf 'b\\0' > binary").Expect(0);

        var reverted = _workspace.Run("revert", "3", "--conflict=markers").Expect(3);

        Assert.Equal("<<<<<<< ours (now)\nanew\n=======\nbase\n>>>>>>> theirs (before 3)\n", _workspace.Read("same"));
        Assert.Contains("same, line 1: something else stands there now; both versions stand between markers", reverted.Output, StringComparison.Ordinal);
        Assert.Contains("binary: something else stands there now; it was left as it is; what was there before is in snapshot 2: 'savepoint cat 2 binary'", reverted.Output, StringComparison.Ordinal);
        Assert.Contains("what was here was kept in 1 path where", reverted.Error, StringComparison.Ordinal);
        _workspace.Run("undo").Expect(0);
        Assert.Equal("anew\n", _workspace.Read("same"));
    }
}
