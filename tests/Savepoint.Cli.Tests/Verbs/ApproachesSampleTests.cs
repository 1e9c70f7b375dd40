namespace Savepoint.Cli.Tests.Verbs;

/// <summary>The sample of a real small project: four approaches, built, tested, measured, ranked, the best merged while the workspace moved on.</summary>
public sealed class ApproachesSampleTests : IDisposable
{
    private readonly CliWorkspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void The_sample_ranks_its_approaches_and_merges_the_best()
    {
        Assert.SkipUnless(_workspace.Shell("command -v cc awk sed").ExitCode == 0, "the sample is a C program: it needs cc, awk and sed");
        var environment = new Dictionary<string, string?>(_workspace.Environment) { ["SAMPLE_BUDGET"] = "1s" };

        var result = Executable.Run("bash", [Path.Combine(Repository.Root, "samples", "approaches", "run"), Executable.File], _workspace.Root, environment);

        result.Expect(0);
        Assert.DoesNotContain("FAILED", result.Output, StringComparison.Ordinal);
        Assert.Equal(15, result.Output.Split('\n').Count(line => line.StartsWith("ok ", StringComparison.Ordinal)));
    }
}
