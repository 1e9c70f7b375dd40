using Microsoft.Data.Sqlite;

namespace Savepoint.Cli.Tests.Verbs;

/// <summary>What must not be done is refused with the right exit code, and a message that says what to do instead.</summary>
public sealed class RefusalTests : IDisposable
{
    private readonly CliWorkspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void The_root_of_the_file_system_is_not_tracked() => Refused(_workspace.RunIn("/", "init"), "cannot be tracked");

    [Fact]
    public void The_home_directory_is_not_tracked() => Refused(_workspace.Run("init", "-C", _workspace.Home), "home directory");

    [Fact]
    public void A_store_is_not_tracked()
    {
        _workspace.Run("init").Expect(0);

        Refused(_workspace.Run("init", "-C", Directory.GetDirectories(_workspace.StoreHome)[0]), "inside a store");
    }

    [Fact]
    public void An_untracked_directory_is_told_how_to_start() => Refused(_workspace.Run("log"), "savepoint init");

    [Fact]
    public void A_store_home_that_cannot_be_made_is_named()
    {
        _workspace.Environment["SAVEPOINT_HOME"] = "/dev/null/stores";

        Refused(_workspace.Run("init"), "/dev/null/stores");
    }

    [Fact]
    public void An_unknown_revision_is_answered_with_the_nearest()
    {
        _workspace.Run("init").Expect(0);
        _workspace.Run("checkpoint", "before-refactoring").Expect(0);

        Refused(_workspace.Run("rollback", "before-refactorng"), "Near: before-refactoring");
    }

    [Theory]
    [InlineData("../other.txt")]
    [InlineData("/etc/passwd")]
    [InlineData(".git/config")]
    [InlineData("sub/../../x")]
    public void A_path_outside_or_of_git_is_refused(string path)
    {
        _workspace.Run("init").Expect(0);

        Refused(_workspace.Run("capture", path), path.Contains(".git", StringComparison.Ordinal) ? "git" : "outside");
    }

    [Theory]
    [InlineData("The workspace itself is a directory, no file.", "blame", ".")]
    [InlineData("The workspace itself is a directory, no file.", "blame", ".", "--at", "1")]
    [InlineData("There is no folder /no/such/dir.", "export", "--archive", "/no/such/dir/x.tar")]
    public void What_cannot_be_is_named(string message, params string[] arguments)
    {
        _workspace.Run("init").Expect(0);

        Refused(_workspace.Run(arguments), message);
    }

    [Fact]
    public void A_store_inside_its_own_workspace_is_refused() => Refused(_workspace.Run("init", "--store", "history"), "inside the workspace");

    [Fact]
    public void A_workspace_that_holds_all_stores_is_refused() => Refused(_workspace.RunIn(_workspace.Scratch, "init"), "inside the workspace");

    [Fact]
    public void A_current_directory_that_is_gone_is_named_as_such()
    {
        var result = _workspace.Shell("mkdir gone && cd gone && rmdir ../gone && savepoint status").Expect(1);

        Assert.Contains("current directory", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("capture", "a.txt")]
    public void A_current_directory_that_is_gone_is_no_matter_where_the_workspace_is_named(params string[] arguments)
    {
        _workspace.Write("a.txt", "a\n");
        _workspace.Run("init").Expect(0);

        _workspace.Shell($"mkdir ../gone && cd ../gone && rmdir ../gone && savepoint -C {_workspace.Root} {string.Join(' ', arguments)}").Expect(0);
    }

    [Fact]
    public void A_relative_store_home_is_refused()
    {
        _workspace.Environment["SAVEPOINT_HOME"] = "stores";

        Refused(_workspace.Run("init"), "SAVEPOINT_HOME is 'stores', a relative path");
        Assert.False(Path.Exists(_workspace.At("stores")));
    }

    [Theory]
    [InlineData("'x' is no number", "undo", "x")]
    [InlineData("'x' is no number, as --max-count takes", "log", "-n", "x")]
    [InlineData("99999999999 is too large a number for --max-count", "log", "-n", "99999999999")]
    [InlineData("--max-count is there twice", "log", "-n", "1", "-n", "2")]
    [InlineData("--session is there twice", "log", "--session", "a", "--session", "b")]
    [InlineData("'x' is no number, as --hunk takes", "revert", "1", "--hunk", "x")]
    [InlineData("'x' is no number, as --explain takes", "decisions", "--explain", "x")]
    [InlineData("'foo' is no level", "compact", "--level", "foo")]
    [InlineData("no option '--nope'", "--nope")]
    [InlineData("no option '--nope'", "-C", ".", "--nope")]
    [InlineData("'false'", "status", "--json", "false")]
    public void What_is_wrong_is_said_in_words(string message, params string[] arguments)
    {
        var result = _workspace.Run(arguments).Expect(2);

        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("\\n", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dumb", "", false)]
    [InlineData("xterm", "1", false)]
    [InlineData("xterm", "", true)]
    public void Colour_is_for_terminals_that_have_it_and_users_who_want_it(string terminal, string noColor, bool isColoured)
    {
        _workspace.Environment["TERM"] = terminal;
        _workspace.Environment["NO_COLOR"] = noColor;

        Assert.Equal(isColoured, _workspace.Shell("script -qec 'savepoint --help' /dev/null").Expect(0).Output.Contains("\e[1m", StringComparison.Ordinal));
    }

    [Fact]
    public void The_users_settings_file_is_named_in_the_help_of_config() =>
        Assert.Contains("~/.config/savepoint/config.json", _workspace.Run("config", "--help").Expect(0).Output, StringComparison.Ordinal);

    [Fact]
    public void A_restore_that_fails_answers_what_failed_and_changes_nothing()
    {
        _workspace.Write("a.txt", "a\n");
        _workspace.Write("b.txt", "b\n");
        _workspace.Run("init").Expect(0);
        _workspace.Write("b.txt", "changed\n");
        _workspace.Shell("rm a.txt && mkfifo a.txt").Expect(0);

        var result = _workspace.Run("rollback", "1", "--json").Expect(1);

        var failed = Assert.Single(result.Json.GetProperty("files").EnumerateArray(), file => file.GetProperty("result").GetString() == "failed");
        Assert.Equal("a.txt", failed.GetProperty("path").GetString());
        JsonSchema.Check("rollback", result.Json);
        Assert.Contains("a.txt", result.Error, StringComparison.Ordinal);
        Assert.Equal("changed\n", _workspace.Read("b.txt"));
    }

    [Fact]
    public void A_newer_store_is_left_alone()
    {
        _workspace.Run("init").Expect(0);
        InStore("PRAGMA user_version = 999");

        Refused(_workspace.Run("log"), "newer");
    }

    [Fact]
    public void Damage_is_listed_and_names_repair()
    {
        _workspace.Write("a.txt", "some content that is long enough to be kept\n");
        _workspace.Run("init").Expect(0);
        InStore("UPDATE snapshots SET message = 'forged'");

        var result = _workspace.Run("verify").Expect(5);

        Assert.Contains("snapshot 1", result.Output, StringComparison.Ordinal);
        Assert.Contains("savepoint repair", result.Error, StringComparison.Ordinal);
        Assert.False(_workspace.Run("verify", "--json").Expect(5).Json.GetProperty("ok").GetBoolean());
    }

    [Theory]
    [InlineData]
    [InlineData("frobnicate")]
    [InlineData("log", "--frobnicate")]
    [InlineData("capture", "--frobnicate")]
    [InlineData("undo", "-1")]
    [InlineData("cat", "1")]
    [InlineData("diff", "a:b")]
    [InlineData("diff", "@-x")]
    [InlineData("undo", "0")]
    [InlineData("undo", "x")]
    [InlineData("log", "-n", "x")]
    [InlineData("checkpoint", "42")]
    [InlineData("checkpoint", "x", "--retention", "never")]
    [InlineData("completion", "tcsh")]
    [InlineData("-C")]
    public void Wrong_usage_is_exit_code_2(params string[] arguments)
    {
        var result = _workspace.Run(arguments).Expect(2);

        Assert.StartsWith("savepoint: ", result.Error, StringComparison.Ordinal);
        Assert.Equal("", result.Output);
    }

    private void InStore(string sql)
    {
        var file = Directory.GetFiles(_workspace.StoreHome, "store.db", SearchOption.AllDirectories).Single();
        SQLitePCL.Batteries_V2.Init();
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static void Refused(CliResult result, string message)
    {
        result.Expect(1);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Equal(2, result.Error.TrimEnd().Split('\n').Length); // what and why; what to do next
        Assert.Equal("", result.Output);
    }
}
