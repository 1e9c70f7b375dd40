using System.Diagnostics;

namespace Savepoint.Bench;

/// <summary>Runs programs as a user's shell does: started, waited for, judged by their exit code.</summary>
internal static class Shell
{
    private const int KilledExitCode = 128 + 9; // as .NET says it of a process that a signal ended

    /// <summary>The command under test: the native build that bench/run made.</summary>
    public static string Savepoint { get; } = Environment.GetEnvironmentVariable("SAVEPOINT_BENCH_COMMAND")
        ?? throw new InvalidOperationException("Run bench/run: it builds the command and says where it is.");

    /// <summary>Starts a program, waits, and returns how long that took.</summary>
    public static double Run(string directory, string home, string program, params string[] arguments) => Run(directory, home, [0], program, arguments);

    /// <summary>What a program says.</summary>
    public static string Output(string directory, string home, string program, params string[] arguments)
    {
        using var process = Process.Start(StartOf(directory, home, program, arguments))!;
        return process.StandardOutput.ReadToEnd();
    }

    /// <summary>As <see cref="Run(string, string, string, string[])"/>, with the most memory that the process was seen to take (VmHWM, which only grows).</summary>
    public static (double Milliseconds, long PeakBytes) Measure(string directory, string home, string program, params string[] arguments)
    {
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(StartOf(directory, home, program, arguments))!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        long peakBytes = 0;
        while (!process.WaitForExit(TimeSpan.FromMilliseconds(5)))
        {
            peakBytes = Math.Max(peakBytes, PeakOf(process.Id));
        }

        output.Wait();
        var elapsed = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        return process.ExitCode == 0 ? (elapsed, peakBytes) : throw Failed(program, arguments, process, error);
    }

    /// <summary>Starts a program and kills it after a while, unless it has ended; whether it was killed.</summary>
    public static bool Kill(string directory, string home, TimeSpan after, string program, params string[] arguments)
    {
        using var process = Process.Start(StartOf(directory, home, program, arguments))!;
        process.WaitForExit(after);
        process.Kill();
        process.WaitForExit();
        return process.ExitCode == KilledExitCode;
    }

    /// <summary>Whether a program ends with 0.</summary>
    public static bool Succeeds(string directory, string home, string program, params string[] arguments)
    {
        using var process = Process.Start(StartOf(directory, home, program, arguments))!;
        _ = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    /// <summary>Git with its own directory outside the tree, as a shadow repository has it.</summary>
    public static double Git(string directory, string home, params string[] arguments) => Git(directory, home, [], arguments);

    /// <summary>As above; <paramref name="alsoGood"/> are the exit codes other than 0 that are no failure.</summary>
    public static double Git(string directory, string home, int[] alsoGood, params string[] arguments) =>
        Run(directory, home, [0, .. alsoGood], "git", ["--git-dir", Path.Combine(home, "shadow.git"), "--work-tree", directory, "-c", "user.name=b", "-c", "user.email=b@b", "-c", "gc.auto=0", .. arguments]);

    private static double Run(string directory, string home, int[] good, string program, string[] arguments)
    {
        var start = StartOf(directory, home, program, arguments);
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var elapsed = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        return good.Contains(process.ExitCode) ? elapsed : throw Failed(program, arguments, process, error);
    }

    private static InvalidOperationException Failed(string program, string[] arguments, Process process, Task<string> error) =>
        new($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {error.Result}");

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

    private static ProcessStartInfo StartOf(string directory, string home, string program, string[] arguments)
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
        return start;
    }
}
