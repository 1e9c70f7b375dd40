using System.Text;
using System.Text.Json;

namespace Savepoint.Cli.Tests;

/// <summary>A scratch workspace with a home and a store home of its own, all gone when disposed.</summary>
public sealed class CliWorkspace : IDisposable
{
    private readonly DirectoryInfo _scratch = Directory.CreateTempSubdirectory("savepoint-cli-");

    public CliWorkspace()
    {
        foreach (var directory in (string[])[Root, Home, Bin])
        {
            Directory.CreateDirectory(directory);
        }

        File.CreateSymbolicLink(Path.Combine(Bin, "savepoint"), Executable.File);
        Environment = new Dictionary<string, string?>
        {
            ["HOME"] = Home,
            ["SAVEPOINT_HOME"] = StoreHome,
            ["XDG_CONFIG_HOME"] = null,
            ["XDG_STATE_HOME"] = null,
            ["NO_COLOR"] = null,
            ["TZ"] = "UTC",
            ["PATH"] = $"{Bin}:{System.Environment.GetEnvironmentVariable("PATH")}",
            ["GIT_CONFIG_GLOBAL"] = "/dev/null",
        };
    }

    public string Scratch => _scratch.FullName;

    public string Root => Path.Combine(Scratch, "work");

    public string Home => Path.Combine(Scratch, "home");

    public string StoreHome => Path.Combine(Scratch, "stores");

    public Dictionary<string, string?> Environment { get; }

    private string Bin => Path.Combine(Scratch, "bin");

    public string At(string path) => Path.Combine(Root, path);

    public void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllBytes(At(path), Encoding.UTF8.GetBytes(text));
    }

    public string Read(string path) => File.ReadAllText(At(path));

    /// <summary>Lets hooks take as long as a loaded machine needs, by the user's settings.</summary>
    internal void GiveHooksTime()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Home, ".config", "savepoint")).FullName;
        File.WriteAllText(Path.Combine(folder, "config.json"), "{\"hookDeadline\":\"50s\"}");
    }

    internal CliResult Run(params string[] arguments) => RunIn(Root, arguments);

    internal CliResult RunIn(string directory, params string[] arguments) => Executable.Run(Executable.File, arguments, directory, Environment);

    /// <summary>Runs a line of bash in the workspace, where <c>savepoint</c> is the executable.</summary>
    internal CliResult Shell(string script, byte[]? input = null) => Executable.Run("bash", ["-c", script], Root, Environment, input);

    /// <summary>The JSON answer of a run that must succeed.</summary>
    internal JsonElement Json(params string[] arguments) => Run([.. arguments, "--json"]).Expect(0).Json;

    /// <summary>Records everything; the number of the snapshot.</summary>
    internal long Capture(params string[] arguments) => Json(["capture", .. arguments]).GetProperty("snapshot").GetInt64();

    // Not by .NET, which cannot delete a file whose name is not UTF-8.
    public void Dispose() => Executable.Run("rm", ["-rf", Scratch], Path.GetTempPath(), new Dictionary<string, string?>()).Expect(0);
}
