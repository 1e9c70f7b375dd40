using System.Security.Cryptography;

namespace Savepoint.Crash;

/// <summary>
/// The layer that injects faults (Shim/fault.c), compiled for this machine the first time that a test needs it, and the
/// native command, whose calls it stands before: this source's, or the one that <c>SAVEPOINT_CLI</c> names.
/// </summary>
internal static class FaultLayer
{
    private static readonly Lazy<(string? Library, string? Command, string? Lack)> Made = new(Make);

    /// <summary>Why there are no faults to be had here; null if there are.</summary>
    public static string? Lack => Made.Value.Lack;

    /// <summary>The library to preload.</summary>
    public static string Library => Made.Value.Library ?? throw new InvalidOperationException(Lack);

    /// <summary>The native command.</summary>
    public static string Command => Made.Value.Command ?? throw new InvalidOperationException(Lack);

    /// <summary>Whether this machine can inject faults; if not, says aloud in the test's output that nothing was tried, and why.</summary>
    public static bool IsHere(string part)
    {
        if (Lack is null)
        {
            return true;
        }

        Report.Say($"NOT TRIED: {part}: {Lack}");
        return false;
    }

    private static (string? Library, string? Command, string? Lack) Make()
    {
        if (!OperatingSystem.IsLinux())
        {
            return (null, null, "faults are injected by LD_PRELOAD on Linux only");
        }

        if (Array.Find(["cc", "gcc", "clang"], Shell.Has) is not { } compiler)
        {
            return (null, null, "there is no C compiler (gcc or clang), which the layer of faults and the native command are built with");
        }

        if (Environment.GetEnvironmentVariable("SAVEPOINT_CLI") is { } given)
        {
            return (Compile(compiler), given, null);
        }

        // ./savepoint builds it if it is missing or older than its source; where it lies then, out/command/current says.
        Shell.Run(Repository.Root, "./savepoint --version");
        var build = Repository.At($"out/command/{File.ReadAllText(Repository.At("out/command/current")).Trim()}");
        return File.Exists(Path.Combine(build, "savepoint-cli.dll"))
            ? (null, null, "the command is no native build here (out/command/native.log), and the runtime of a managed one reaches the system past the layer")
            : (Compile(compiler), Path.Combine(build, "savepoint-cli"), null);
    }

    private static string Compile(string compiler)
    {
        var source = Path.Combine(AppContext.BaseDirectory, "Shim", "fault.c");
        var name = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(source)).AsSpan(0, 8));
        var library = Repository.At($"out/crash/fault-{name}.so");
        if (!File.Exists(library))
        {
            // Under a name of its own first: several test processes may build it at once.
            Directory.CreateDirectory(Path.GetDirectoryName(library)!);
            Shell.Run(Repository.Root, "\"$1\" -O2 -Wall -shared -fPIC -o \"$3.$$\" \"$2\" -ldl && mv \"$3.$$\" \"$3\"", compiler, source, library);
        }

        return library;
    }
}
