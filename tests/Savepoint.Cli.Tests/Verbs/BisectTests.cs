using System.Text.Json;

namespace Savepoint.Cli.Tests.Verbs;

/// <summary><c>bisect</c>.</summary>
public sealed class BisectTests : IDisposable
{
    private readonly CliWorkspace _workspace = new();

    public BisectTests()
    {
        _workspace.Write("code.txt", "0\n");
        _workspace.Run("init").Expect(0);
        for (var i = 1; i <= 9; i++)
        {
            _workspace.Write("code.txt", $"{i}\n{(i >= 6 ? "broken\n" : "")}");
            _workspace.Capture("--agent", "a", "--session", "s", "--turn", $"t{i}");
        }
    }

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void The_snapshot_its_diff_and_its_actor_are_named()
    {
        var answer = Json("--good", "1", "--bad", "@", "--", "sh", "-c", "! grep broken code.txt");

        Assert.Equal((7, 6), (answer.GetProperty("snapshot").GetInt32(), answer.GetProperty("good").GetInt32()));
        Assert.Equal(("a", "s", "t6"), (answer.GetProperty("agent").GetString(), answer.GetProperty("session").GetString(), answer.GetProperty("turn").GetString()));
        Assert.Contains("+broken\n", answer.GetProperty("patch").GetString(), StringComparison.Ordinal);
        Assert.InRange(answer.GetProperty("runs").GetArrayLength(), 2, 7);
        Assert.Equal("broken\n", answer.GetProperty("output").GetString());
        Assert.Equal(10, answer.GetProperty("head").GetInt32());
    }

    [Fact]
    public void The_answer_has_its_schema_whatever_comes_of_it()
    {
        JsonSchema.Check("bisect", Json("--good", "turn:t2", "--", "! grep -q broken code.txt"));
        JsonSchema.Check("bisect", _workspace.Run("bisect", "--good", "1", "--json", "--", "false").Expect(1).Json);
        JsonSchema.Check("bisect", _workspace.Run("bisect", "--good", "1", "--json", "--", "exit 125").Expect(1).Json);
        JsonSchema.Check("bisect", _workspace.Run("bisect", "--good", "1", "--json", "--", "exit 200").Expect(1).Json);
    }

    [Fact]
    public void Text_has_the_snapshot_the_output_and_the_diff()
    {
        var text = _workspace.Run("bisect", "--good", "1", "--", "if grep broken code.txt; then exit 1; fi").Expect(0).Output;

        Assert.StartsWith("Broken by snapshot 7; snapshot 6 is good.", text, StringComparison.Ordinal);
        Assert.Contains("a/s/t6", text, StringComparison.Ordinal);
        Assert.Contains("  | broken", text, StringComparison.Ordinal);
        Assert.Contains("+broken", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_unrecorded_is_the_bad_end()
    {
        _workspace.Write("code.txt", "unrecorded\n");

        var answer = Json("--good", "5", "--", "! grep -q unrecorded code.txt");

        Assert.Equal((11, 11), (answer.GetProperty("snapshot").GetInt32(), answer.GetProperty("captured").GetInt32()));
    }

    [Fact]
    public void A_state_that_could_not_be_told_is_not_said_to_be_good()
    {
        var untold = _workspace.Run("bisect", "--good", "1", "--", "exit 125").Expect(1);
        Assert.DoesNotContain("is good", untold.Output, StringComparison.Ordinal);
        Assert.Contains("The command could tell of no snapshot that it ran at", untold.Error, StringComparison.Ordinal);

        var found = _workspace.Run("bisect", "--good", "6", "--", "grep -q 5 code.txt && exit 125; ! grep -q broken code.txt").Expect(0);
        Assert.StartsWith("Broken by snapshot 7; snapshot 6 was named as good, and could not be told.", found.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nosuchcommand", "was not found", "not found")]
    [InlineData("./code.txt", "could not be executed", "ermission denied")]
    public void A_command_that_cannot_be_run_is_said_to_be_that(string command, string said, string byTheShell)
    {
        var result = _workspace.Run("bisect", "--good", "1", "--", command, "x").Expect(1);

        Assert.Contains($"The command {said} at the good revision, snapshot 1", result.Error, StringComparison.Ordinal);
        Assert.Contains(byTheShell, result.Output, StringComparison.Ordinal);
    }

    // What stands behind '--' is the command's.
    private JsonElement Json(params string[] arguments) => _workspace.Run(["bisect", "--json", .. arguments]).Expect(0).Json;
}
