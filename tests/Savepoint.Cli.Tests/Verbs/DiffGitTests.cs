namespace Savepoint.Cli.Tests.Verbs;

/// <summary>Git as the witness: what <c>diff</c> prints, <c>git apply</c> carries out.</summary>
public sealed class DiffGitTests : IDisposable
{
    private readonly CliWorkspace _workspace = new();

    public DiffGitTests()
    {
        _workspace.Write("text.txt", "one\ntwo\nthree\n");
        _workspace.Write("moves.txt", "content that moves\n");
        _workspace.Write("goes.txt", "goes\n");
        File.WriteAllBytes(_workspace.At("binary"), [0, 1, 2, 3]);
        _workspace.Run("init").Expect(0);
        _workspace.Shell("cp -r . ../before").Expect(0);
        _workspace.Shell("printf 'one\\n2\\nthree' > text.txt; mv moves.txt moved.txt; rm goes.txt; printf '\\000\\377' > binary; chmod +x text.txt; ln -s text.txt link; mkdir d; echo n > 'd/a b\tc'").Expect(0);
        _workspace.Capture();
        _workspace.Shell("cp -r . ../after").Expect(0);
    }

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Git_applies_a_diff() => Same("savepoint diff 1 2 | git -C ../before apply -", "before", "after");

    [Fact]
    public void Git_applies_the_reverse() => Same("savepoint diff 1 2 --reverse | git -C ../after apply -", "after", "before");

    [Fact]
    public void Git_applies_a_diff_with_the_working_tree()
    {
        _workspace.Shell("echo more >> moved.txt; echo more >> ../after/moved.txt").Expect(0);

        Same("savepoint diff 1 | git -C ../before apply -", "before", "after");
    }

    [Fact]
    public void Only_the_named_paths_are_in_the_diff()
    {
        var diff = _workspace.Run("diff", "1", "2", "--path", "d").Expect(0).Output;

        Assert.Contains("a b\\tc", diff, StringComparison.Ordinal);
        Assert.DoesNotContain("text.txt", diff, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("moves.txt")]
    [InlineData("moved.txt")]
    [InlineData("moves.txt moved.txt")]
    public void One_end_of_a_move_is_what_git_shows_of_it(string paths)
    {
        _workspace.Shell("git init -q ../git && cd ../git && cp ../before/moves.txt . && git add . && git -c user.name=x -c user.email=x@x commit -qm x && git mv moves.txt moved.txt").Expect(0);
        var git = _workspace.Shell($"git -C ../git diff --cached -M --name-status -- {paths} | cut -c1").Expect(0).Output.Trim();

        List<string> named = [.. paths.Split(' ').SelectMany(path => (string[])["--path", path])];
        var answer = _workspace.Json(["diff", "1", "2", .. named]);

        var kind = Assert.Single(answer.GetProperty("changes").EnumerateArray()).GetProperty("kind").GetString()!;
        Assert.Equal(git, kind[..1].ToUpperInvariant());
        Assert.Contains(paths.Split(' ')[0], _workspace.Run(["diff", "1", "2", "--stat", .. named]).Expect(0).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--stat --path text.txt 1 2", "--stat 1 2 --path text.txt")]
    [InlineData("--path text.txt 1 --path d 2", "1 2 --path text.txt --path d")]
    [InlineData("--path=text.txt 1", "1 --path text.txt")]
    public void Paths_may_stand_before_the_revisions(string written, string same)
    {
        var diff = _workspace.Run(["diff", .. written.Split(' ')]).Expect(0).Output;

        Assert.Equal(_workspace.Run(["diff", .. same.Split(' ')]).Expect(0).Output, diff);
        Assert.Contains("text.txt", diff, StringComparison.Ordinal);
    }

    [Fact]
    public void Git_applies_what_is_in_a_directory_whose_name_ends_in_a_space()
    {
        _workspace.Shell("mkdir 'trail ' ../fresh; git -C ../fresh init -q; printf 'a\\0' > 'trail /bin'; echo x > 'trail /mode'; savepoint capture -q; printf 'b\\0c' > 'trail /bin'; touch 'trail /empty'; chmod +x 'trail /mode'; savepoint capture -q").Expect(0);

        _workspace.Shell("savepoint diff 2 3 --path 'trail ' | git -C ../fresh apply - && savepoint diff 3 4 | git -C ../fresh apply -").Expect(0);

        _workspace.Shell("diff -r 'trail ' '../fresh/trail ' && test -x '../fresh/trail /mode'").Expect(0);
        _workspace.Shell("savepoint diff 3 4 --reverse | git -C ../fresh apply - && test ! -e '../fresh/trail /empty'").Expect(0);
    }

    private void Same(string command, string applied, string expected)
    {
        _workspace.Shell(command).Expect(0);
        _workspace.Shell($"find ../{applied} ../{expected} -type d -empty -delete; diff -r --no-dereference ../{applied} ../{expected}").Expect(0);
    }
}
