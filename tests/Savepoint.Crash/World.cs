using System.Diagnostics;

namespace Savepoint.Crash;

/// <summary>
/// A workspace and its store in one scratch folder, that can be set back to what they were. A store belongs to one
/// directory, so they are set back in place and not copied elsewhere.
/// </summary>
internal sealed class World : IDisposable
{
    private readonly DirectoryInfo _scratch;
    private readonly DirectoryInfo _reports = System.IO.Directory.CreateTempSubdirectory("savepoint-crash-"); // mapped: not on a disk that may lose its power
    private int _started;

    /// <param name="folder">Where to make it; null for the system's temporary folder.</param>
    public World(string? folder = null)
    {
        _scratch = folder is null ? System.IO.Directory.CreateTempSubdirectory("savepoint-crash-") : System.IO.Directory.CreateDirectory(folder);
        foreach (var directory in (string[])[Root, Stores, Home, Kept])
        {
            System.IO.Directory.CreateDirectory(directory);
        }

        File.SetUnixFileMode(Stores, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public string Directory => _scratch.FullName;

    public string Root => Path.Combine(Directory, "work");

    public string Stores => Path.Combine(Directory, "stores");

    private string Home => Path.Combine(Directory, "home");

    private string Kept => Path.Combine(Directory, "kept");

    /// <summary>A setting of the user, for all runs from now on.</summary>
    public void Configure(string json)
    {
        var file = Path.Combine(Home, ".config", "savepoint", "config.json");
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, json);
    }

    /// <summary>Runs the command to its end.</summary>
    public Ended Run(params string[] arguments) => Run(Fault.None, arguments);

    /// <summary>Runs it with a fault.</summary>
    public Ended Run(Fault fault, string[] arguments, string input = "")
    {
        using var running = Start(fault, arguments, input);
        return running.End();
    }

    /// <summary>Starts it.</summary>
    public RunningCommand Start(Fault fault, string[] arguments, string input = "", string? trace = null)
    {
        var report = new FaultReport(Path.Combine(_reports.FullName, $"{Interlocked.Increment(ref _started) % 4}"));
        var start = new ProcessStartInfo(FaultLayer.Command, arguments) { WorkingDirectory = Root, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("SAVEPOINT", StringComparison.Ordinal) || name.StartsWith("XDG_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["HOME"] = Home;
        start.Environment["SAVEPOINT_HOME"] = Stores;
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["LD_PRELOAD"] = FaultLayer.Library;
        start.Environment["SAVEPOINT_FAULT_ROOTS"] = $"{Root}:{Stores}";
        start.Environment["SAVEPOINT_FAULT_REPORT"] = report.FilePath;
        if (trace is not null)
        {
            start.Environment["SAVEPOINT_FAULT_TRACE"] = trace;
        }

        foreach (var (name, value) in fault.Environment())
        {
            start.Environment[name] = value;
        }

        return new RunningCommand(start, report, input);
    }

    /// <summary>Runs a script in the workspace.</summary>
    public string Do(string script) => Shell.Run(Root, script);

    /// <summary>What stands in the workspace.</summary>
    public TreeManifest Tree() => TreeManifest.Of(Root);

    /// <summary>What a snapshot holds, read out of the store.</summary>
    public TreeManifest Recorded(string revision)
    {
        var archive = Path.Combine(Directory, "state.tar");
        Run("export", "--quiet", "--archive", archive, revision).Expect(0);
        return TreeManifest.OfTar(archive);
    }

    /// <summary>Remembers how workspace and store are now.</summary>
    public void Keep() => Shell.Run(Directory, "chmod -R u+rwX kept; rm -rf kept; mkdir kept; cp -a work stores kept");

    /// <summary>Makes them what they were when they were kept. Their own directories stay the same ones.</summary>
    public void Reset() => Shell.Run(Directory, "chmod -R u+rwX work stores; find work stores -mindepth 1 -delete; cp -a kept/. .");

    /// <summary>Deletes what can be deleted: on a disk that has lost its power nothing can, and why a test failed shall not be hidden by that.</summary>
    public void Dispose() => Shell.Run(Path.GetTempPath(), "{ chmod -R u+rwX \"$1\"; rm -rf \"$1\" \"$2\"; } 2>/dev/null || :", Directory, _reports.FullName);
}
