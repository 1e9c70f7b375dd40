using System.Diagnostics;

namespace Savepoint.Bench;

/// <summary>Runs programs as a user's shell does: started, waited for, judged by their exit code.</summary>
internal static class Shell
{
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

    /// <summary>The most memory that a program has resident, in bytes, as seen until just before its end.</summary>
    public static double PeakMemory(string directory, string home, string program, params string[] arguments)
    {
        using var process = Process.Start(StartOf(directory, home, program, arguments))!;
        double peak = 0;
        while (!process.HasExited)
        {
            try
            {
                process.Refresh();
                peak = Math.Max(peak, process.PeakWorkingSet64);
            }
            catch (InvalidOperationException)
            {
                break; // it ended between the two
            }
        }

        return peak;
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
        return good.Contains(process.ExitCode) ? elapsed : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {error.Result}");
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
