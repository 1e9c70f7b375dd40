using System.Text;
using System.Text.RegularExpressions;

namespace Savepoint.Cli.Tests.Output;

/// <summary>
/// Golden transcripts: each file in Golden/ has shell lines behind <c>$ </c>, and below each what it prints, standard error
/// included. Paths, times and sizes are normalised. Run with <c>SAVEPOINT_UPDATE_GOLDEN=1</c> to write them anew.
/// </summary>
public sealed partial class TranscriptTests : IDisposable
{
    private readonly CliWorkspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("main-job")]
    [InlineData("names")]
    [InlineData("milestones")]
    [InlineData("keeping")]
    [InlineData("refusals")]
    [InlineData("sessions")]
    [InlineData("coverage")]
    [InlineData("help")]
    public void Transcript_is_as_recorded(string name)
    {
        var recorded = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", $"{name}.txt"));

        var played = Play(recorded.Split('\n').Where(line => line.StartsWith("$ ", StringComparison.Ordinal)).Select(line => line[2..]));

        if (Environment.GetEnvironmentVariable("SAVEPOINT_UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(Source(name), played);
        }
        else
        {
            Assert.Equal(recorded, played);
        }
    }

    private string Play(IEnumerable<string> lines)
    {
        var played = new StringBuilder();
        foreach (var line in lines)
        {
            var result = _workspace.Shell($"{{ {line}\n}} 2>&1");
            played.Append("$ ").Append(line).Append('\n').Append(Normalize(result.Output));
            if (result.ExitCode != 0)
            {
                played.Append("[exit code ").Append(result.ExitCode).Append("]\n");
            }
        }

        return played.ToString();
    }

    private string Normalize(string text)
    {
        text = text.Replace(_workspace.Scratch, "SCRATCH", StringComparison.Ordinal);
        text = Time().Replace(text, "YYYY-MM-DD hh:mm:ss");
        text = StoreKey().Replace(text, "work-KEY");
        text = Kept().Replace(text, "damaged-TIME");
        text = Size().Replace(text, "SIZE");
        return Duration().Replace(text, "in DURATION");
    }

    private static string Source(string name, [System.Runtime.CompilerServices.CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "Golden", $"{name}.txt");

    [GeneratedRegex(@"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")]
    private static partial Regex Time();

    [GeneratedRegex(@"damaged-\d{8}T\d{6}Z")]
    private static partial Regex Kept();

    [GeneratedRegex("work-[0-9a-f]{16}")]
    private static partial Regex StoreKey();

    [GeneratedRegex(@"\d+\.\d [KM]B")]
    private static partial Regex Size();

    [GeneratedRegex(@"in (\d+ min )?[\d.]+ m?s\b")]
    private static partial Regex Duration();
}
