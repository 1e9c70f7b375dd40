using System.Diagnostics;

namespace Savepoint.Tests.Workspaces;

/// <summary>A folder of its own for one test, gone afterwards, whatever names and modes the test left in it.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder() => Path = Directory.CreateTempSubdirectory("savepoint-test-").FullName;

    public string Path { get; }

    public string this[string relative] => System.IO.Path.Combine(Path, relative);

    public string Write(string relative, string text)
    {
        var file = this[relative];
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }

    /// <summary>Runs a program in the folder and gives what it printed, byte for byte; fails the test if the program fails.</summary>
    public byte[] Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Path, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        return process.ExitCode == 0
            ? output.ToArray()
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {error.Result}");
    }

    public void Dispose()
    {
        // .NET deletes neither what has a name that is not UTF-8 nor, as an ordinary user, what lost its modes.
        if (!OperatingSystem.IsWindows())
        {
            Run("sh", "-c", "chmod -R u+rwX . ; rm -rf -- \"$PWD\"");
            return;
        }

        Directory.Delete(Path, recursive: true);
    }
}
