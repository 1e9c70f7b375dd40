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
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["HOME"] = home;
        start.Environment["SAVEPOINT_HOME"] = Path.Combine(home, "stores");
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var elapsed = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        return process.ExitCode == 0 ? elapsed : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {error.Result}");
    }

    /// <summary>Git with its own directory outside the tree, as a shadow repository has it.</summary>
    public static double Git(string directory, string home, params string[] arguments) =>
        Run(directory, home, "git", ["--git-dir", Path.Combine(home, "shadow.git"), "--work-tree", directory, "-c", "user.name=b", "-c", "user.email=b@b", "-c", "gc.auto=0", .. arguments]);
}
