using System.Text.Json;

namespace Savepoint.Cli.Tests.Verbs;

/// <summary>Who wrote a line, held against git blame on the exported history.</summary>
public sealed class BlameTests : IDisposable
{
    /// <summary>For each line of a file at a commit the snapshot whose export wrote it.</summary>
    private const string GitBlame = """
        number() { git -C ../repo log -1 --format='%(trailers:key=Savepoint-Snapshot,valueonly)' $1 | tr -d '\n'; }
        commit() { for c in $(git -C ../repo --no-replace-objects rev-list savepoint/main); do [ "$(number $c)" = "$1" ] && echo $c; done; }
        gitblame() { git -C ../repo blame --porcelain $(commit $1) -- "$2" | grep -E '^[0-9a-f]{40} ' | cut -d' ' -f1 | while read -r c; do number $c; echo; done; }
        """;

    private readonly CliWorkspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Lines_are_blamed_as_git_blames_them_in_the_exported_history()
    {
        var random = new Random(20261125);
        var (lines, next) = (Enumerable.Range(0, 30).Select(i => $"line {i}").ToList(), 30);
        _workspace.Write("file.txt", Text(lines));
        _workspace.Run("init").Expect(0);
        for (var step = 0; step < 12; step++)
        {
            for (var edit = 0; edit < 3; edit++)
            {
                var at = random.Next(lines.Count - 3);
                lines.RemoveRange(at, random.Next(4));
                lines.InsertRange(at, Enumerable.Range(0, random.Next(5)).Select(_ => $"line {next++}"));
            }

            _workspace.Write("file.txt", Text(lines));
            _workspace.Capture("--agent", $"agent{step}");
        }

        _workspace.Run("export", "--git", "../repo").Expect(0);
        foreach (var at in (int[])[1, 5, 9, 13])
        {
            Assert.Equal(Git(at, "file.txt"), Snapshots("file.txt", "--at", $"{at}"));
        }
    }

    [Fact]
    public void A_moved_file_keeps_its_lines_authors()
    {
        _workspace.Shell("""
            seq 100 > old.txt; savepoint init -q
            sed -i '50s/.*/fifty/' old.txt; savepoint capture -q --agent first
            mkdir -p deep; mv old.txt deep/new.txt; savepoint capture -q --agent mover
            sed -i '60s/.*/sixty/' deep/new.txt; savepoint capture -q --agent last
            savepoint export --git ../repo -q
            """).Expect(0);

        var blamed = Snapshots("deep/new.txt");

        Assert.Equal(Git(4, "deep/new.txt"), blamed);
        Assert.Equal([1, 2, 4], blamed.Distinct().Order());
    }

    [Fact]
    public void What_an_undo_or_rollback_brought_back_is_of_whoever_wrote_it()
    {
        _workspace.Shell("""
            printf 'one\ntwo\n' > f; savepoint init -q
            printf 'one\nTWO\n' > f; savepoint capture -q --agent a
            printf 'ONE\nTWO\n' > f; savepoint capture -q --agent b
            savepoint undo -q; savepoint rollback 1 -q; savepoint undo -q
            savepoint export --git ../repo -q
            """).Expect(0);

        Assert.Equal([1, 2], Snapshots("f"));

        // Git is told that the steps lead where they led: each one's parent is the commit of its target.
        _workspace.Shell($$"""
            {{GitBlame}}
            for step in 4:2 5:1 6:2; do git -C ../repo replace --graft $(commit ${step%:*}) $(commit ${step#*:}); done
            """).Expect(0);
        Assert.Equal(Git(6, "f"), Snapshots("f"));
    }

    [Fact]
    public void Lines_of_both_sides_of_a_merge_keep_their_authors_wherever_their_file_was()
    {
        _workspace.Shell("""
            seq 60 > f; seq 100 160 > moved; savepoint init -q
            savepoint branch create b --dir ../b -q
            sed -i '5s/.*/five/;50s/.*/fifty/' f; mv moved elsewhere; savepoint capture -q --agent here
            (cd ../b && sed -i '20s/.*/twenty/' f && sed -i '30s/.*/of the branch/' moved && savepoint capture -q --agent there && sed -i '22i\put in' f && savepoint capture -q --agent there)
            savepoint merge b -q
            sed -i '40s/.*/forty/' f; savepoint capture -q --agent later
            (cd ../b && sed -i '2s/.*/two/' f && savepoint capture -q)
            savepoint merge b -q
            savepoint revert 7 -q
            savepoint export --git ../repo -q
            """).Expect(0);

        foreach (var at in (int[])[2, 4, 5, 6, 8, 9])
        {
            Assert.Equal(Git(at, "f"), Snapshots("f", "--at", $"{at}"));
        }

        Assert.Equal(Git(9, "elsewhere"), Snapshots("elsewhere", "--at", "9"));
        Assert.Equal([1, 3], Snapshots("elsewhere").Distinct().Order());
        Assert.Equal("2", _workspace.Shell("git -C ../repo log --merges --format=%s savepoint/main | wc -l").Expect(0).Output.Trim());
    }

    [Fact]
    public void A_line_that_is_not_recorded_yet_is_nobodys()
    {
        _workspace.Write("f", "one\ntwo\n");
        _workspace.Run("init").Expect(0);
        _workspace.Write("f", "one\nhalf\ntwo\n");
        _workspace.Write("new", "n");

        Assert.Equal([1, null, 1], Snapshots("f"));
        Assert.Equal([1, 1], Snapshots("f", "--at", "@"));
        Assert.Equal([null], Snapshots("new"));
        Assert.Contains("not recorded yet", _workspace.Run("blame", "f").Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_line_says_who_wrote_it()
    {
        _workspace.Write("f", "one\r\n");
        _workspace.Run("init").Expect(0);
        _workspace.Shell("printf 'one\\r\\ntwo \\351' > f").Expect(0);
        _workspace.Capture("--agent", "claude-code", "--session", "s1", "--turn", "t1", "--tool", "Edit");

        var answer = _workspace.Json("blame", "f");

        JsonSchema.Check("blame", answer);
        var second = answer.GetProperty("lines")[1];
        Assert.Equal(("claude-code", "s1", "t1", "Edit"), (second.GetProperty("agent").GetString(), second.GetProperty("session").GetString(), second.GetProperty("turn").GetString(), second.GetProperty("tool").GetString()));
        Assert.Equal("dHdvIOk=", second.GetProperty("textBase64").GetString());
        Assert.Equal("one\r", answer.GetProperty("lines")[0].GetProperty("text").GetString());
        Assert.Contains("claude-code/s1/t1 Edit 2) two ", _workspace.Run("blame", "f").Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_file_is_refused_with_a_way_out()
    {
        _workspace.Shell("mkdir d; ln -s d link; : > empty; savepoint init -q").Expect(0);

        Assert.Contains("no file", _workspace.Run("blame", "d").Expect(1).Error, StringComparison.Ordinal);
        Assert.Contains("no file", _workspace.Run("blame", "link", "--at", "1").Expect(1).Error, StringComparison.Ordinal);
        Assert.Contains("log --path", _workspace.Run("blame", "gone").Expect(1).Error, StringComparison.Ordinal);
        Assert.Empty(Snapshots("empty"));
    }

    private static string Text(List<string> lines) => string.Concat(lines.Select(line => $"{line}\n"));

    private List<long?> Snapshots(string path, params string[] more) =>
        [.. _workspace.Json(["blame", path, .. more]).GetProperty("lines").EnumerateArray().Select(line => line.GetProperty("snapshot")).Select(number => number.ValueKind == JsonValueKind.Null ? (long?)null : number.GetInt64())];

    private List<long?> Git(int at, string path) =>
        [.. _workspace.Shell($"{GitBlame}\ngitblame {at} {path}").Expect(0).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(number => (long?)long.Parse(number, System.Globalization.CultureInfo.InvariantCulture))];
}
