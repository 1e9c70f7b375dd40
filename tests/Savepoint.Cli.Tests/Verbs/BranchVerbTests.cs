namespace Savepoint.Cli.Tests.Verbs;

/// <summary>What <c>branch</c> and <c>merge</c> do and answer, as whole processes.</summary>
public sealed class BranchVerbTests : IDisposable
{
    private readonly CliWorkspace _workspace = new();

    public BranchVerbTests()
    {
        _workspace.Write(".gitignore", "out/\n");
        _workspace.Write("file", "1\n2\n3\n4\n5\n");
        _workspace.Write("out/built", "built\n");
        _workspace.Run("init").Expect(0);
    }

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void A_branch_is_made_worked_on_in_its_directory_merged_and_deleted()
    {
        var made = _workspace.Json("branch", "create", "idea");
        JsonSchema.Check("branch", made);
        var directory = made.GetProperty("directory").GetString()!;
        Assert.Equal("built\n", File.ReadAllText(Path.Combine(directory, "out/built")));

        File.WriteAllText(Path.Combine(directory, "file"), "1\ntwo\n3\n4\n5\n");
        var captured = _workspace.RunIn(directory, "capture", "--json").Expect(0).Json;
        Assert.Equal(("idea", 2), (captured.GetProperty("branch").GetString(), captured.GetProperty("snapshot").GetInt64()));
        var list = _workspace.Json("branch");
        JsonSchema.Check("branch", list);
        Assert.Equal(["main", "idea"], list.GetProperty("branches").EnumerateArray().Select(branch => branch.GetProperty("name").GetString()));

        _workspace.Write("file", "1\n2\n3\n4\nfive\n");
        var dry = _workspace.Json("merge", "idea", "--dry-run");
        JsonSchema.Check("merge", dry);
        Assert.Equal(("dry-run", "1\n2\n3\n4\nfive\n"), (dry.GetProperty("ending").GetString(), _workspace.Read("file")));
        var merged = _workspace.Json("merge", "idea");
        JsonSchema.Check("merge", merged);
        Assert.Equal(("1\ntwo\n3\n4\nfive\n", "main"), (_workspace.Read("file"), merged.GetProperty("branch").GetString()));
        Assert.Contains("idea", _workspace.Run("log", "--all", "--graph").Expect(0).Output, StringComparison.Ordinal);
        Assert.Equal("operation", _workspace.Run("log", "--branch", "idea", "-n", "1", "--json").Expect(0).JsonLines[0].GetProperty("kind").GetString());

        var deleted = _workspace.Json("branch", "delete", "idea");
        JsonSchema.Check("branch", deleted);
        Assert.False(Path.Exists(directory));
        _workspace.Run("undo").Expect(0);
        Assert.Equal("1\n2\n3\n4\nfive\n", _workspace.Read("file"));
        _workspace.Run("verify", "--deep").Expect(0);
    }

    [Fact]
    public void A_dry_run_of_a_merge_takes_what_is_unrecorded_there_into_account_and_records_nothing()
    {
        var directory = _workspace.Json("branch", "create", "idea").GetProperty("directory").GetString()!;
        Directory.CreateDirectory(Path.Combine(directory, "made"));
        File.WriteAllText(Path.Combine(directory, "made", "new"), "new\n");
        File.WriteAllText(Path.Combine(directory, "file"), "1\ntwo\n3\n4\n5\n");
        _workspace.Write("file", "1\n2\n3\n4\nfive\n");

        var dry = _workspace.Json("merge", "idea", "--dry-run");

        JsonSchema.Check("merge", dry);
        Assert.Equal("dry-run", dry.GetProperty("ending").GetString());
        Assert.Equal(["file unchanged", "made unchanged", "made/new unchanged"], dry.GetProperty("files").EnumerateArray().Select(file => $"{file.GetProperty("path").GetString()} {file.GetProperty("result").GetString()}"));
        Assert.Single(_workspace.Run("log", "--all", "--json").Expect(0).JsonLines);
        _workspace.Run("merge", "idea").Expect(0);
        Assert.Equal("1\ntwo\n3\n4\nfive\n", _workspace.Read("file"));
    }

    [Fact]
    public void A_command_run_in_a_branch_changes_that_and_not_the_workspace()
    {
        var ran = _workspace.Run("branch", "run", "idea", "--json", "--", "sh", "-c", "echo new > added; rm file; echo more > out/more; exit 7").Expect(7).Json;

        JsonSchema.Check("branch", ran);
        Assert.Equal(("idea", 7), (ran.GetProperty("branch").GetString(), ran.GetProperty("exitCode").GetInt32()));
        Assert.Equal(["added", "file"], ran.GetProperty("changes").EnumerateArray().Select(change => change.GetProperty("path").GetString()));
        Assert.Equal("1\n2\n3\n4\n5\n", _workspace.Read("file"));
        Assert.False(Path.Exists(_workspace.At("added")) || Path.Exists(_workspace.At("out/more")));

        Assert.Equal("new more\n", _workspace.Run("branch", "run", "idea", "--", "sh", "-c", "echo $(cat added out/more)").Expect(0).Output);
        _workspace.Run("merge", "idea").Expect(0);
        Assert.True(Path.Exists(_workspace.At("added")) && !Path.Exists(_workspace.At("file")) && !Path.Exists(_workspace.At("out/more")));
    }

    [Fact]
    public void A_copy_asked_for_runs_commands_too()
    {
        var ran = _workspace.Run("branch", "run", "idea", "--isolation", "copy", "--json", "--", "sh", "-c", "echo new > added").Expect(0).Json;

        JsonSchema.Check("branch", ran);
        Assert.Equal("copy", ran.GetProperty("isolation").GetString());
        Assert.Equal("new\n", File.ReadAllText(Path.Combine(ran.GetProperty("directory").GetString()!, "added")));
        _workspace.Run("branch", "run", "idea", "--", "no-such-program-at-all").Expect(127);
    }

    [Fact]
    public void A_conflict_is_listed_with_exit_code_3()
    {
        _workspace.Run("branch", "run", "idea", "--", "sed", "-i", "s/2/theirs/", "file").Expect(0);
        _workspace.Shell("sed -i s/2/ours/ file").Expect(0);

        var refused = _workspace.Run("merge", "idea", "--json").Expect(3);
        JsonSchema.Check("merge", refused.Json);
        Assert.Equal(("conflicted", false, "1\nours\n3\n4\n5\n"), (refused.Json.GetProperty("ending").GetString(), refused.Json.GetProperty("written").GetBoolean(), _workspace.Read("file")));
        Assert.Equal("content", Assert.Single(refused.Json.GetProperty("conflicts").EnumerateArray()).GetProperty("kind").GetString());

        var marked = _workspace.Run("merge", "idea", "--conflict=markers", "--json").Expect(3);
        JsonSchema.Check("merge", marked.Json);
        Assert.True(marked.Json.GetProperty("written").GetBoolean());
        Assert.Contains(">>>>>>> theirs (idea)", _workspace.Read("file"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("branch create", 2)]
    [InlineData("branch create a b", 2)]
    [InlineData("branch create 42", 2)]
    [InlineData("branch create main", 1)]
    [InlineData("branch create a --dir inside", 1)]
    [InlineData("branch create a --isolation none", 2)]
    [InlineData("branch run a", 2)]
    [InlineData("branch delete a", 1)]
    [InlineData("branch fly a", 2)]
    [InlineData("merge", 2)]
    [InlineData("merge a", 1)]
    [InlineData("merge main", 1)]
    public void What_cannot_be_done_is_refused_with_a_way_out(string arguments, int exitCode)
    {
        var result = _workspace.Run(arguments.Split(' ')).Expect(exitCode);

        Assert.Equal(2, result.Error.TrimEnd('\n').Split('\n').Length);
        Assert.Equal("", result.Output);
    }
}
