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

    [Fact]
    public void The_tree_itself_is_not_touched()
    {
        _workspace.Run("untrack", "--delete").Expect(0);

        Assert.Equal("a\n", _workspace.Read("a.txt"));
    }

    private System.Text.Json.JsonElement OnlyStore() => Assert.Single(_workspace.RunIn("/", "stores", "--json").Expect(0).Json.GetProperty("stores").EnumerateArray());
}
