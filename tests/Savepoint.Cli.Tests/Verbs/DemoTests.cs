using System.Globalization;
using System.Text.Json;

namespace Savepoint.Cli.Tests.Verbs;

public sealed class DemoTests : IDisposable
{
    private const string OddTree = """
        git init -q .; printf '/*\n!/src/\n!/odd/\n!/ro/\n*.log\n' >.gitignore
        mkdir -p src/deep odd ro/sub src/empty "odd/$(printf 'd\377r')"
        for i in 1 2 3 4 5 6 7 8; do printf 'first line of it\nvalue = %s\nlast line of it\n' $i >src/deep/f$i.txt; done
        printf 'tracked\nthough\nignored\n' >src/kept.log; printf 'at\nthe\ntop\n' >top.txt; git add -f src/kept.log top.txt
        printf x >"odd/$(printf 'caf\351')"; echo y >'odd/a b'; echo z >"odd/$(printf 'new\nline')"; echo w >"odd/$(printf 'd\377r')/f"
        ln -s nowhere odd/dangling; ln -s "$(printf '\351')" odd/link; ln -s / odd/rootlink; mkfifo odd/pipe; ln src/deep/f1.txt odd/hard
        printf 'crlf\r\nvalue\r\nlast\r\n' >src/crlf.txt; head -c 200000 /dev/zero >src/big; : >src/zero
        chmod 4755 src/deep/f2.txt; chmod 0400 src/deep/f3.txt; chmod 0444 src/deep/f4.txt; chmod 1777 src/empty
        echo a >ro/sub/a; echo b >ro/b; chmod 0444 ro/b ro/sub/a; chmod 0555 ro/sub ro
        """;

    private const string Manifest = "find . -printf '%p %y %m %s %T@ %l\\n' | sort; find . -type f -print0 | sort -z | xargs -0 sha256sum";

    private readonly CliWorkspace _workspace = new();

    public DemoTests()
    {
        Directory.CreateDirectory(Temporary);
        _workspace.Environment["TMPDIR"] = Temporary;
    }

    private string Temporary => Path.Combine(_workspace.Scratch, "tmp");

    public void Dispose()
    {
        _workspace.Shell("chmod -R u+w .").Expect(0);
        _workspace.Dispose();
    }

    [Fact]
    public void A_tree_with_odd_names_modes_and_rules_is_shown_and_stays_as_it_was()
    {
        _workspace.Shell(OddTree).Expect(0);
        var before = _workspace.Shell(Manifest).Expect(0).Output;

        var demo = _workspace.Run("demo").Expect(0);

        Assert.StartsWith($"Shown on a copy of {_workspace.Root}, which is only read.\n", demo.Output, StringComparison.Ordinal);
        Assert.EndsWith("\n14 of 14 checks hold. Nothing was left behind.\n", demo.Output, StringComparison.Ordinal);
        Assert.Equal("", demo.Error);
        Assert.Equal(before, _workspace.Shell(Manifest).Expect(0).Output);
        Assert.Empty(Directory.GetFileSystemEntries(Temporary));
        Assert.False(Directory.Exists(_workspace.StoreHome));
    }

    [Fact]
    public void It_shows_the_project_that_the_current_directory_belongs_to()
    {
        WriteFiles(4, "inner/deep");
        _workspace.Shell("mkdir .git").Expect(0);
        Assert.Equal(_workspace.Root, DirectoryShown("inner/deep"));

        _workspace.Shell("cd inner && savepoint init").Expect(0);
        Assert.Equal(_workspace.At("inner"), DirectoryShown("inner/deep"));

        Assert.Equal(_workspace.At("inner/deep"), DirectoryShown("inner", "deep"));
    }

    [Theory]
    [InlineData("printf x >only")]
    [InlineData("mkdir -p a/b; echo text >a/b/only; ln -s only a/b/link")]
    [InlineData("printf 'one line\nanother line\na third\n' >only")]
    [InlineData("mkdir docs; echo one >docs/guide.md; echo two >code.py")]
    public void A_tree_with_next_to_nothing_in_it_is_enough(string made)
    {
        _workspace.Shell(made).Expect(0);

        var demo = _workspace.Run("demo").Expect(0);

        Assert.StartsWith("Shown on a copy", demo.Output, StringComparison.Ordinal);
        Assert.EndsWith("\n14 of 14 checks hold. Nothing was left behind.\n", demo.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/", ":", "root of the file system")]
    [InlineData("../home", ":", "home directory")]
    [InlineData("../tmp", ":", "temporary files")]
    [InlineData("empty", "mkdir empty", "no file to record")]
    [InlineData("ignored", "mkdir ignored; echo '*' >ignored/.gitignore; touch ignored/{a,b,c}", "no file to record")]
    [InlineData("large", "mkdir large; touch large/a large/b; truncate -s 501MB large/c", "501.0 MB to record, more than 500.0 MB")]
    [InlineData("many", "mkdir many; cd many; seq 20001 | xargs touch", "20,001 entries to record, more than 20,000")]
    public void What_cannot_be_shown_is_replaced_and_the_reason_is_said(string directory, string made, string reason)
    {
        _workspace.Shell(made).Expect(0);

        var demo = _workspace.Json("demo", directory);

        JsonSchema.Check("demo", demo);
        Assert.Equal(JsonValueKind.Null, demo.GetProperty("directory").ValueKind);
        Assert.Contains(reason, demo.GetProperty("fallback").GetString(), StringComparison.Ordinal);
        Assert.All(demo.GetProperty("checks").EnumerateArray(), check => Assert.True(check.GetProperty("holds").GetBoolean(), check.ToString()));
        Assert.Empty(Directory.GetFileSystemEntries(Temporary));
    }

    [Fact]
    public void A_real_tree_is_shown_as_documented()
    {
        WriteFiles(60, "src");

        var demo = _workspace.Json("demo");

        JsonSchema.Check("demo", demo);
        Assert.Equal(_workspace.Root, demo.GetProperty("directory").GetString());
        Assert.Contains(demo.GetProperty("steps").EnumerateArray(), step => step.GetProperty("result").GetString()!.StartsWith("50 files rewritten", StringComparison.Ordinal));
    }

    [Fact]
    public void A_directory_that_is_not_there_is_an_error()
    {
        var demo = _workspace.Run("demo", "nowhere").Expect(1);

        Assert.Contains("There is no directory", demo.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_folder_for_temporary_files_it_says_so()
    {
        _workspace.Environment["TMPDIR"] = "/nonexistent";

        Assert.Contains("TMPDIR", _workspace.Run("demo").Expect(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interrupt_leaves_nothing_behind()
    {
        WriteFiles(400, "src");
        using var demo = Executable.Start(Executable.File, ["demo"], _workspace.Root, _workspace.Environment);
        Assert.StartsWith("Shown on a copy", demo.StandardOutput.ReadLine(), StringComparison.Ordinal);

        _workspace.Shell($"kill -INT {demo.Id}").Expect(0);

        Assert.True(demo.WaitForExit(TimeSpan.FromSeconds(30)));
        Assert.Equal(130, demo.ExitCode);
        Assert.Empty(Directory.GetFileSystemEntries(Temporary));
    }

    [Fact]
    public void A_reader_that_goes_away_leaves_nothing_behind()
    {
        WriteFiles(20, "src");

        Assert.StartsWith("Shown on a copy", _workspace.Shell("savepoint demo | head -n 1").Expect(0).Output, StringComparison.Ordinal); // bash waits for both

        Assert.Empty(Directory.GetFileSystemEntries(Temporary));
    }

    private void WriteFiles(int count, string directory)
    {
        for (var i = 0; i < count; i++)
        {
            _workspace.Write($"{directory}/f{i.ToString(CultureInfo.InvariantCulture)}.txt", $"a first line\nsome value {i}\na last line\n");
        }
    }

    private string? DirectoryShown(string current, params string[] arguments) =>
        _workspace.RunIn(_workspace.At(current), ["demo", .. arguments, "--json"]).Expect(0).Json.GetProperty("directory").GetString();
}
