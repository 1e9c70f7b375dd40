using System.Diagnostics;

namespace Savepoint.Cli.Tests.Verbs;

/// <summary><c>try</c>, <c>experiments</c> and what remains of a <c>try</c> that was killed.</summary>
public sealed class TryTests : IDisposable
{
    private readonly CliWorkspace _workspace = new();

    public TryTests()
    {
        _workspace.Write("value.txt", "5\n");
        _workspace.Write(".gitignore", "out/\n");
        _workspace.Run("init").Expect(0);
    }

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void The_answer_is_as_promised()
    {
        var answer = _workspace.Json("try", "--approach", "worse=echo 9 > value.txt", "--approach", "better=echo 1 > value.txt", "--approach", "broken=echo x > value.txt; exit 3",
            "--build", "grep -q '[0-9]' value.txt", "--test", "true", "--metric", "value=cat value.txt", "--merge-best");

        JsonSchema.Check("try", answer);
        Assert.Equal(("better", true, 1, 1), (answer.GetProperty("winner").GetString(), answer.GetProperty("merged").GetBoolean(), answer.GetProperty("experiment").GetInt32(), answer.GetProperty("base").GetInt32()));
        Assert.Equal(answer.GetProperty("head").GetInt64(), answer.GetProperty("snapshot").GetInt64());
        Assert.Equal(["better 1 passed", "worse 2 passed", "broken 3 not-run"], answer.GetProperty("approaches").EnumerateArray().Select(one =>
            $"{one.GetProperty("name").GetString()} {one.GetProperty("rank").GetInt32()} {one.GetProperty("gates").GetProperty("build").GetString()}"));
        var metric = answer.GetProperty("approaches")[0].GetProperty("metrics").EnumerateArray().First(one => one.GetProperty("name").GetString() == "value");
        Assert.Equal((1.0, 0.0, ""), (metric.GetProperty("median").GetDouble(), metric.GetProperty("spread").GetDouble(), metric.GetProperty("unit").GetString()));
        Assert.Equal("1\n", _workspace.Read("value.txt"));
        Assert.Equal(3, answer.GetProperty("approaches")[2].GetProperty("exitCode").GetInt32());
    }

    [Fact]
    public void None_that_passes_is_1_and_a_merge_that_conflicts_3()
    {
        var none = _workspace.Run("try", "--approach", "a=exit 1", "--approach", "b=echo x > value.txt", "--test", "grep -q '[0-9]' value.txt").Expect(1);
        Assert.Contains("No approach passed", none.Error, StringComparison.Ordinal);

        var conflict = _workspace.Run("try", "--approach", $"a=echo 1 > value.txt; echo 2 > '{_workspace.At("value.txt")}'", "--isolation", "copy", "--merge-best", "--json").Expect(3);
        JsonSchema.Check("try", conflict.Json);
        Assert.Equal(("value.txt", false), (conflict.Json.GetProperty("conflicts")[0].GetProperty("path").GetString(), conflict.Json.GetProperty("merged").GetBoolean()));
        Assert.Equal("2\n", _workspace.Read("value.txt"));
    }

    [Theory]
    [InlineData("try")]
    [InlineData("try", "--approach", "nameless")]
    [InlineData("try", "--approach", "a=")]
    [InlineData("try", "--approach", "a=true", "--approach", "a=false")]
    [InlineData("try", "--approach", "a:b=true")]
    [InlineData("try", "--approach", "a=true", "--jobs", "0")]
    [InlineData("try", "--approach", "a=true", "--isolation", "none")]
    [InlineData("try", "--approach", "a=true", "--metric", "changedLines=echo 1")]
    [InlineData("try", "--approach", "a=true", "--weight", "m=-1")]
    [InlineData("try", "--approach", "a=true", "--timeout", "soon")]
    [InlineData("experiments", "hide", "1")]
    [InlineData("bisect", "--good", "1")]
    [InlineData("bisect", "--", "true")]
    public void Wrong_usage_is_2(params string[] arguments) => _workspace.Run(arguments).Expect(2);

    [Fact]
    public void A_loser_is_there_to_look_at_to_compare_and_to_merge()
    {
        _workspace.Run("try", "--approach", "a=echo 1 > value.txt", "--approach", "b=echo 2 > value.txt; echo 'could not'; exit 1").Expect(0);

        var shown = _workspace.Run("experiments", "show", "1").Expect(0);
        Assert.Contains("its command ended with 1", shown.Output, StringComparison.Ordinal);
        Assert.Contains("  | could not", shown.Output, StringComparison.Ordinal);
        JsonSchema.Check("experiments", _workspace.Json("experiments", "show", "1"));
        JsonSchema.Check("experiments", _workspace.Json("experiments"));
        Assert.Contains("-1\n+2\n", _workspace.Run("diff", "try-1/a", "try-1/b").Expect(0).Output, StringComparison.Ordinal);
        _workspace.Run("merge", "try-1/b").Expect(0);
        Assert.Equal("2\n", _workspace.Read("value.txt"));
        _workspace.Run("experiments", "show", "2").Expect(1);
    }

    [Fact]
    public void Figures_of_a_benchmark_and_a_direction_are_understood()
    {
        var answer = _workspace.Json("try", "--approach", "few=echo 10 > value.txt", "--approach", "many=echo 90 > value.txt",
            "--bench", "echo throughput $(cat value.txt) ops/s", "--metric", "score=cat value.txt:max");

        Assert.Equal("many", answer.GetProperty("winner").GetString());
        Assert.Equal(["throughput max", "score max", "changedLines min"], answer.GetProperty("approaches")[0].GetProperty("metrics").EnumerateArray()
            .Select(metric => $"{metric.GetProperty("name").GetString()} {metric.GetProperty("direction").GetString()}"));
    }

    [Fact]
    public void Equal_approaches_are_said_to_tie()
    {
        var text = _workspace.Run("try", "--approach", "a=echo 1 > value.txt", "--approach", "b=echo 1 > value.txt", "--metric", "value=cat value.txt").Expect(0).Output;

        Assert.Contains("  1  a  tied with 'b': value is the same; named first because it was given first", text, StringComparison.Ordinal);
        Assert.Contains("  1  b  tied with 'a'", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "copy")]
    [InlineData(2, "auto")]
    [InlineData(4, "auto")]
    public void A_try_that_is_killed_leaves_nothing_behind_after_the_next_command(int running, string isolation)
    {
        // Killed when so many of its four approaches run, and the others are on their way.
        Kill(isolation, process => WaitUntil(() => process.HasExited || Lines(Flag).Length >= running));

        AssertNothingLeft();
        _workspace.Run("try", "--approach", "next=echo 1 > value.txt").Expect(0);
    }

    /// <summary>At random moments, from before the first copy to when all run: <c>SAVEPOINT_TRY_KILLS=300</c> for the long version.</summary>
    [Fact]
    public void A_try_may_be_killed_at_any_moment()
    {
        var count = int.Parse(Environment.GetEnvironmentVariable("SAVEPOINT_TRY_KILLS") ?? "4", System.Globalization.CultureInfo.InvariantCulture);
        var (seed, random) = (Environment.TickCount, new Random(Environment.TickCount));
        for (var i = 0; i < count; i++)
        {
            var delay = random.Next(20, 900);
            Kill(random.Next(2) == 0 ? "copy" : "auto", process => process.WaitForExit(delay));

            AssertNothingLeft($"seed {seed}, kill {i + 1}, after {delay} ms");
        }

        _workspace.Run("verify", "--deep").Expect(0);
    }

    [Fact]
    public void Control_c_ends_it_with_nothing_left()
    {
        var flag = Path.Combine(_workspace.Scratch, "flag");
        using var process = Executable.Start(Executable.File, ["try", "--approach", $"a=echo $$ >> {flag}; sleep 300"], _workspace.Root, _workspace.Environment);
        WaitUntil(() => Lines(flag).Length > 0);

        Executable.Run("kill", ["-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)], _workspace.Root, _workspace.Environment).Expect(0);
        process.WaitForExit();

        Assert.Equal(130, process.ExitCode);
        Assert.Equal(0, Branches());
        Assert.Equal("cancelled", _workspace.Json("experiments").GetProperty("experiments")[0].GetProperty("state").GetString());
    }

    private string Flag => Path.Combine(_workspace.Scratch, "flag");

    private void Kill(string isolation, Action<Process> wait)
    {
        File.Delete(Flag);
        string[] approaches = [.. Enumerable.Range(0, 4).SelectMany(i => new[] { "--approach", $"a{i}=echo $$ >> {Flag}; echo {i} > value.txt; sleep 300 & sleep 300" })];
        using var process = Executable.Start(Executable.File, ["try", .. approaches, "--jobs", "4", "--isolation", isolation], _workspace.Root, _workspace.Environment);
        wait(process);
        process.Kill();
        process.WaitForExit();
    }

    private void AssertNothingLeft(string when = "")
    {
        _workspace.Run("status").Expect(0);
        Assert.True(Branches() == 0, when);
        Assert.Equal("", Mounts());
        Assert.All(Lines(Flag), pid => Assert.False(IsRunning(pid), $"{pid} still runs {when}"));
        Assert.DoesNotContain(Directory.EnumerateFiles(_workspace.StoreHome, "value.txt", SearchOption.AllDirectories), file => !file.Contains("/bases/", StringComparison.Ordinal));
        Assert.All(_workspace.Json("experiments").GetProperty("experiments").EnumerateArray(), one => Assert.Equal("abandoned", one.GetProperty("state").GetString()));
        _workspace.Run("verify").Expect(0);
    }

    private static bool IsRunning(string pid)
    {
        try
        {
            return !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private int Branches() => (int)Sql.Count(_workspace, "SELECT count(*) FROM working_copies");

    private static string[] Lines(string file) => File.Exists(file) ? [.. File.ReadAllLines(file).Where(line => line.Length > 0)] : [];

    private string Mounts() => string.Join('\n', File.ReadAllLines("/proc/mounts").Where(line => line.Contains(_workspace.Scratch, StringComparison.Ordinal)));

    private static void WaitUntil(Func<bool> holds)
    {
        var started = Stopwatch.GetTimestamp();
        while (!holds())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(50), "it does not come so far");
            Thread.Yield();
        }
    }
}
