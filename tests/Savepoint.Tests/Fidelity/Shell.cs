using System.Diagnostics;
using System.Text;

namespace Savepoint.Tests.Fidelity;

/// <summary>Runs shell scripts: the outside view of a tree, made by programs that know nothing of Savepoint.</summary>
internal static class Shell
{
    /// <summary>Runs a script in a directory and gives its output, one character a byte; fails the test if the script fails.</summary>
    public static string Run(string directory, string script, params string[] arguments)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-eu", "-c", script, "sh", .. arguments])
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.Latin1,
        };
        start.Environment["LC_ALL"] = "C";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{script}\nended with {process.ExitCode}: {errors.Result}");
    }
}
