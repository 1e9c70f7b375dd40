using System.Diagnostics;

namespace Savepoint.Cli.Tests;

/// <summary>The executable under test: the one built beside the tests, or another that <c>SAVEPOINT_CLI</c> names.</summary>
internal static class Executable
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(60);

    public static string File { get; } = Environment.GetEnvironmentVariable("SAVEPOINT_CLI")
        ?? Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "savepoint-cli.exe" : "savepoint-cli");

    /// <summary>Runs a program to its end.</summary>
    public static CliResult Run(string program, IEnumerable<string> arguments, string directory, IReadOnlyDictionary<string, string?> environment, byte[]? input = null)
    {
        using var process = Start(program, arguments, directory, environment);
        var output = new MemoryStream();
        var copying = process.StandardOutput.BaseStream.CopyToAsync(output);
        var error = process.StandardError.ReadToEndAsync();
        Give(process, input ?? []);
        if (!process.WaitForExit(TimeLimit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} {string.Join(' ', arguments)} did not end in {TimeLimit}");
        }

        copying.Wait(TimeLimit);
        return new CliResult(process.ExitCode, output.ToArray(), error.GetAwaiter().GetResult());
    }

    /// <summary>A program may end before it has read what it is given: a broken pipe is no failure then.</summary>
    private static void Give(Process process, byte[] input)
    {
        try
        {
            process.StandardInput.BaseStream.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
        }
    }

    public static Process Start(string program, IEnumerable<string> arguments, string directory, IReadOnlyDictionary<string, string?> environment)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }
}
