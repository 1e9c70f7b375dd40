using System.Diagnostics;

namespace Savepoint.Tests.Structure;

/// <summary>A directory for commands of this repository to run in, with a home of its own; gone when disposed.</summary>
internal sealed class Scratch : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("savepoint-structure-");

    public string Path => _directory.FullName;

    public string Home => _directory.CreateSubdirectory("home").FullName;

    /// <summary>Runs a program to its end and gives what it printed; standard error only counts if it fails.</summary>
    public async Task<string> RunAsync(string program, string[] arguments, string workingDirectory, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = workingDirectory, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{await output}\n{await error}");
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
