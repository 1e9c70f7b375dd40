using System.Diagnostics;

namespace Savepoint.Bench;

/// <summary>Runs programs as a user's shell does: started, waited for, judged by their exit code.</summary>
internal static class Shell
{
    /// <summary>The command under test: the native build that bench/run made.</summary>
    public static string Savepoint { get; } = Environment.GetEnvironmentVariable("SAVEPOINT_BENCH_COMMAND")
        ?? throw new InvalidOperationException("Run bench/run: it builds the command and says where it is.");

    /// <summary>Starts a program, waits, and returns how long that took.</summary>
    public static double Run(string directory, string home, string program, params string[] arguments)
    {
        using var process = Start(directory, home, program, arguments, out var started);
        var error = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return Elapsed(process, started, arguments, error);
    }

    /// <summary>As <see cref="Run"/>, with the most memory that the process was seen to take (VmHWM, which only grows).</summary>
    public static (double Milliseconds, long PeakBytes) Measure(string directory, string home, string program, params string[] arguments)
    {
        using var process = Start(directory, home, program, arguments, out var started);
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        long peakBytes = 0;
        while (!process.WaitForExit(TimeSpan.FromMilliseconds(5)))
        {
            peakBytes = Math.Max(peakBytes, PeakOf(process.Id));
        }

        output.Wait();
        return (Elapsed(process, started, arguments, error), peakBytes);
    }

    private static long PeakOf(int process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : 1024 * long.Parse(line["VmHWM:".Length..^"kB".Length].Trim(), System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0; // it has ended
        }
    }

    private static double Elapsed(Process process, long started, string[] arguments, Task<string> error)
    {
        var elapsed = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        return process.ExitCode == 0 ? elapsed : throw new InvalidOperationException($"{process.StartInfo.FileName} {string.Join(' ', arguments)} ended with {process.ExitCode}: {error.Result}");
    }

    private static Process Start(string directory, string home, string program, string[] arguments, out long started)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["HOME"] = home;
        start.Environment["SAVEPOINT_HOME"] = Path.Combine(home, "stores");
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        started = Stopwatch.GetTimestamp();
        return Process.Start(start)!;
    }

    /// <summary>Git with its own directory outside the tree, as a shadow repository has it.</summary>
    public static double Git(string directory, string home, params string[] arguments) =>
        Run(directory, home, "git", ["--git-dir", Path.Combine(home, "shadow.git"), "--work-tree", directory, "-c", "user.name=b", "-c", "user.email=b@b", "-c", "gc.auto=0", .. arguments]);
}
