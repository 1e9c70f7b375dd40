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
    [InlineData("diff", "a b")]
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
