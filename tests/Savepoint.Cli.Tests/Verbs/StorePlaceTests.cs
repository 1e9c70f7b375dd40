namespace Savepoint.Cli.Tests.Verbs;

/// <summary>Where <c>init --store</c> may put a history: into a folder that is nobody's yet.</summary>
public sealed class StorePlaceTests : IDisposable
{
    private readonly CliWorkspace _workspace = new();
    private readonly string _other;

    public StorePlaceTests()
    {
        _workspace.Write("a.txt", "a\n");
        _other = Directory.CreateDirectory(Path.Combine(_workspace.Scratch, "other")).FullName;
        File.WriteAllText(Path.Combine(_other, "b.txt"), "b\n");
    }

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void A_folder_with_anothers_history_is_refused_and_says_whose()
    {
        _workspace.Run("init", "--store", "../shared").Expect(0);

        Refused(_workspace.RunIn(_other, "init", "--store", "../shared"), $"the history of {_workspace.Root}");
        Refused(_workspace.RunIn(_other, "log"), "savepoint init");
    }

    [Fact]
    public void A_folder_with_a_history_that_was_kept_is_refused()
    {
        _workspace.Run("init", "--store", "../shared").Expect(0);
        _workspace.Run("untrack").Expect(0);

        Refused(_workspace.RunIn(_other, "init", "--store", "../shared"), $"the history of {_workspace.Root}");
    }

    [Fact]
    public void A_folder_in_another_workspace_is_refused_whose_rollbacks_would_write_it()
    {
        _workspace.RunIn(_other, "init").Expect(0);

        Refused(_workspace.Run("init", "--store", "../other/history"), $"lies in the workspace {_other}");
    }

    [Fact]
    public void A_folder_with_a_history_of_another_home_is_refused()
    {
        _workspace.Run("init", "--store", "../shared").Expect(0);
        _workspace.Environment["SAVEPOINT_HOME"] = Path.Combine(_workspace.Scratch, "stores2");

        Refused(_workspace.RunIn(_other, "init", "--store", "../shared"), "a history of which nothing is known here");
    }

    [Fact]
    public void Another_folder_than_the_one_that_has_the_history_is_refused_and_named()
    {
        _workspace.Run("init", "--store", "../mine").Expect(0);

        Refused(_workspace.Run("init", "--store", "../elsewhere"), Path.Combine(_workspace.Scratch, "mine"));
        _workspace.Run("init", "--store", "../mine").Expect(0);
        Assert.False(Path.Exists(Path.Combine(_workspace.Scratch, "elsewhere")));
    }

    [Theory]
    [InlineData("..")]
    [InlineData("/")]
    public void A_folder_in_which_the_workspace_lies_is_refused(string folder) => Refused(_workspace.Run("init", "--store", folder), $"the workspace {_workspace.Root} lies in it");

    [Fact]
    public void A_folder_that_holds_something_else_is_refused_and_left_as_it_was()
    {
        var mode = File.GetUnixFileMode(_other);

        Refused(_workspace.Run("init", "--store", _other), "something else is there");
        Assert.Equal(mode, File.GetUnixFileMode(_other));
    }

    [Fact]
    public void An_empty_folder_is_made_private()
    {
        _workspace.Shell("mkdir -m 755 ../empty && savepoint init --store ../empty").Expect(0);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(_workspace.Scratch, "empty")));
    }

    [Fact]
    public void A_folder_whose_history_was_deleted_can_be_named_again()
    {
        _workspace.Run("init", "--store", "../mine").Expect(0);
        _workspace.Run("untrack", "--delete").Expect(0);

        _workspace.Run("init", "--store", "../mine").Expect(0);
    }

    private static void Refused(CliResult result, string why)
    {
        result.Expect(1);
        Assert.Contains(why, result.Error, StringComparison.Ordinal);
        Assert.Equal(2, result.Error.TrimEnd().Split('\n').Length);
    }
}
