using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Savepoint.Tests.Structure;

namespace Savepoint.Tests.Processes;

/// <summary>The command as it is installed: the native build, in a process of its own, with a home of its own.</summary>
internal sealed class NativeCommand(string directory, string home)
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(2);
    private static readonly Lazy<string> Built = new(Build);

    /// <summary>How a run ended.</summary>
    /// <param name="ExitCode">Its exit code.</param>
    /// <param name="Output">What it printed.</param>
    /// <param name="Error">What it said on standard error.</param>
    /// <param name="PeakBytes">The most memory it was seen to take (VmHWM, which only grows, read each few milliseconds).</param>
    public sealed record Ended(int ExitCode, string Output, string Error, long PeakBytes)
    {
        /// <summary>Its answer.</summary>
        public JsonElement Json() => JsonDocument.Parse(Output).RootElement;
    }

    /// <summary>The executable.</summary>
    public static string File => Built.Value;

    /// <summary>Runs it to its end.</summary>
    public Ended Run(params string[] arguments)
    {
        var start = new ProcessStartInfo(File, arguments) { WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["HOME"] = home;
        start.Environment["SAVEPOINT_HOME"] = Path.Combine(home, "stores");
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        long peakBytes = 0;
        var running = Stopwatch.StartNew();
        while (!process.WaitForExit(TimeSpan.FromMilliseconds(5)))
        {
            peakBytes = Math.Max(peakBytes, PeakOf(process.Id));
            if (running.Elapsed > TimeLimit)
            {
                process.Kill();
                throw new InvalidOperationException($"savepoint {string.Join(' ', arguments)} did not end in {TimeLimit}.");
            }
        }

        process.WaitForExit();
        return new Ended(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult(), peakBytes);
    }

    /// <summary>As <see cref="Run"/>, for a run that must succeed.</summary>
    public Ended Do(params string[] arguments)
    {
        var ended = Run(arguments);
        return ended.ExitCode == 0 ? ended : throw new InvalidOperationException($"savepoint {string.Join(' ', arguments)} ended with {ended.ExitCode}: {ended.Output}{ended.Error}");
    }

    private static long PeakOf(int process)
    {
        try
        {
            var line = System.IO.File.ReadLines($"/proc/{process}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : 1024 * long.Parse(line["VmHWM:".Length..^"kB".Length].Trim(), CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0; // it has ended
        }
    }

    // ./savepoint builds it if it is missing or older than its source; where it lies then, out/command/current says.
    private static string Build()
    {
        Fidelity.Shell.Run(Repository.Root, "./savepoint --version");
        return Repository.At($"out/command/{System.IO.File.ReadAllText(Repository.At("out/command/current")).Trim()}/savepoint-cli");
    }
}
