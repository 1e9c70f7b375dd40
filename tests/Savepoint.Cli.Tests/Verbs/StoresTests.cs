namespace Savepoint.Cli.Tests.Verbs;

/// <summary>Histories whose workspace moved, was given up or is gone.</summary>
public sealed class StoresTests : IDisposable
{
    private readonly CliWorkspace _workspace = new();

    public StoresTests()
    {
        _workspace.Write("a.txt", "a\n");
        _workspace.Run("init").Expect(0);
    }

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void An_untracked_history_is_listed_and_can_be_deleted()
    {
        _workspace.Run("untrack").Expect(0);
        Assert.False(OnlyStore().GetProperty("tracked").GetBoolean());

        _workspace.Run("untrack", "-C", _workspace.Root, "--delete").Expect(0);

        Assert.Equal(0, _workspace.Json("stores").GetProperty("stores").GetArrayLength());
        Assert.Empty(Directory.GetDirectories(_workspace.StoreHome));
    }

    [Fact]
    public void A_history_beside_which_somebody_works_is_deleted_only_by_force()
    {
        var copy = _workspace.Json("branch", "create", "other").GetProperty("directory").GetString()!;
        File.WriteAllText(Path.Combine(copy, "work"), "unrecorded");

        var refused = _workspace.Run("untrack", "--delete").Expect(1);

        Assert.Contains(copy, refused.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(copy, "work")));
        _workspace.Run("log").Expect(0);
        _workspace.Run("untrack", "--delete", "--force").Expect(0);
        Assert.Empty(Directory.GetDirectories(_workspace.StoreHome));
    }

    [Fact]
    public void A_history_whose_workspace_is_gone_is_an_orphan_and_can_be_deleted()
    {
        _workspace.Shell("rm -r ../work && mkdir ../work").Expect(0);
        Assert.True(OnlyStore().GetProperty("orphan").GetBoolean());

        _workspace.Shell("rm -r ../work").Expect(0);
        _workspace.RunIn(_workspace.Scratch, "untrack", "-C", _workspace.Root, "--delete").Expect(0);

        Assert.Empty(Directory.GetDirectories(_workspace.StoreHome));
    }

    [Fact]
    public void A_workspace_that_moved_takes_its_history_along()
    {
        var moved = Path.Combine(_workspace.Scratch, "moved");
        Directory.Move(_workspace.Root, moved);

        Assert.Contains("baseline", _workspace.RunIn(moved, "log").Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_copy_can_adopt_the_history()
    {
        var copy = Path.Combine(_workspace.Scratch, "copy");
        _workspace.Shell("cp -r . ../copy && rm -r ../work").Expect(0);

        var answer = _workspace.RunIn(copy, "init", "--adopt", _workspace.Root, "--json").Expect(0).Json;

        Assert.Equal(1, answer.GetProperty("head").GetInt64());
        Assert.Equal(copy, answer.GetProperty("workspace").GetString());
    }

    [Theory]
    [InlineData("savepoint untrack && savepoint init")]
    [InlineData("rm -r ../work && mkdir ../work && cd ../work && savepoint init")]
    [InlineData("rm -r ../work && mkdir ../work")]
    public void What_is_advised_for_an_unused_history_deletes_that_one_alone(string script)
    {
        _workspace.Shell(script).Expect(0);
        var before = _workspace.RunIn("/", "stores").Expect(0);
        var advised = before.Error.Split('\'')[1];
        Assert.EndsWith(" --delete", advised, StringComparison.Ordinal);

        _workspace.Shell($"cd / && {advised}").Expect(0);

        var left = _workspace.RunIn("/", "stores", "--json").Expect(0).Json.GetProperty("stores").EnumerateArray().ToList();
        Assert.All(left, store => Assert.True(store.GetProperty("tracked").GetBoolean() && !store.GetProperty("orphan").GetBoolean()));
        Assert.Equal(script.EndsWith("init", StringComparison.Ordinal) ? 1 : 0, left.Count);
    }

    [Fact]
    public void An_untracked_history_is_deleted_from_inside_its_workspace()
    {
        _workspace.Run("untrack").Expect(0);

        _workspace.Run("untrack", "--delete").Expect(0);

        Assert.Equal(0, _workspace.Json("stores").GetProperty("stores").GetArrayLength());
    }

    [Theory]
    [InlineData("untrack")]
    [InlineData("untrack", "--delete")]
    [InlineData("untrack", "-C", ".")]
    public void An_untracked_directory_is_told_how_to_start(params string[] arguments)
    {
        _workspace.Run("untrack", "--delete").Expect(0);

        Assert.Contains("savepoint init", _workspace.Run(arguments).Expect(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_live_workspace_keeps_its_history_when_a_copy_would_adopt_it()
    {
        _workspace.Shell("cp -a . ../copy").Expect(0);
        var copy = Path.Combine(_workspace.Scratch, "copy");

        var refused = _workspace.RunIn(copy, "init", "--adopt", _workspace.Root).Expect(1);

        Assert.Contains("still there", refused.Error, StringComparison.Ordinal);
        Assert.Contains($"savepoint untrack -C {_workspace.Root}", refused.Error, StringComparison.Ordinal);
        _workspace.Run("log").Expect(0);
    }

    [Fact]
    public void What_was_untracked_can_be_adopted()
    {
        _workspace.Shell("cp -a . ../copy && savepoint untrack").Expect(0);

        _workspace.RunIn(Path.Combine(_workspace.Scratch, "copy"), "init", "--adopt", _workspace.Root).Expect(0);

        Assert.True(OnlyStore().GetProperty("tracked").GetBoolean());
    }

    [Theory]
    [InlineData("log")]
    [InlineData("log", "-C", ".")]
    public void A_directory_made_anew_is_told_how_to_have_the_old_history_and_that_works(params string[] arguments)
    {
        _workspace.Shell("rm -r ../work && mkdir ../work").Expect(0);

        var refused = _workspace.Run(arguments).Expect(1);

        Assert.Contains("'savepoint init'", refused.Error, StringComparison.Ordinal);
        Assert.Contains($"'savepoint init --adopt {_workspace.Root}'", refused.Error, StringComparison.Ordinal);
        _workspace.Run("init", "--adopt", _workspace.Root).Expect(0);
        Assert.Contains("baseline", _workspace.Run("log").Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_tree_itself_is_not_touched()
    {
        _workspace.Run("untrack", "--delete").Expect(0);

        Assert.Equal("a\n", _workspace.Read("a.txt"));
    }

    private System.Text.Json.JsonElement OnlyStore() => Assert.Single(_workspace.RunIn("/", "stores", "--json").Expect(0).Json.GetProperty("stores").EnumerateArray());
}
