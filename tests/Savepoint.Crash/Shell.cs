using System.Diagnostics;

namespace Savepoint.Crash;

/// <summary>Runs scripts: what a tree goes through is done by programs that know nothing of Savepoint.</summary>
internal static class Shell
{
    /// <summary>Runs a script in a directory and gives its output; throws if it fails.</summary>
    public static string Run(string directory, string script, params string[] arguments)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-eu", "-c", script, "sh", .. arguments]) { WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{script}\nended with {process.ExitCode}: {errors.GetAwaiter().GetResult()}");
    }

    /// <summary>Whether a program can be found.</summary>
    public static bool Has(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin").Append("/sbin").Any(folder => File.Exists(Path.Combine(folder, program)));
}
