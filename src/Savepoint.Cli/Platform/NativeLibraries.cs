using System.Reflection;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace Savepoint.Cli.Platform;

/// <summary>Where the command's own native libraries are: beside it. By name alone the loader looks through ninety places first, at each start.</summary>
internal static class NativeLibraries
{
    /// <summary>To be called before the first use of SQLite. Where the library is not there, the loader searches as ever.</summary>
    public static void LoadFromBeside() => NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, Load);

    private static nint Load(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        var beside = Path.Combine(AppContext.BaseDirectory, $"lib{name}.so");
        return OperatingSystem.IsLinux() && NativeLibrary.TryLoad(beside, out var library) ? library : 0;
    }
}
