using System.Text;
using Savepoint.Cli.Platform;

namespace Savepoint.Cli.Clients;

/// <summary>By what name others can call this program.</summary>
internal static class OwnProgram
{
    /// <summary>
    /// Its name, if that leads here by the <c>PATH</c>: a project's settings are often shared, and the program is elsewhere on
    /// another machine. Otherwise its absolute path.
    /// </summary>
    public static string Name => Environment.ProcessPath is { } self && Find("savepoint") is { } found && Real(found) == Real(self)
        ? "savepoint"
        : Environment.ProcessPath ?? "savepoint";

    /// <summary>Where a program is that is called so; null if it is not there, or cannot be executed.</summary>
    public static string? Find(string program)
    {
        if (program.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            return IsExecutable(program) ? program : null;
        }

        string[] names = OperatingSystem.IsWindows() ? [program + ".exe", program + ".cmd"] : [program];
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders.Where(Path.IsPathFullyQualified).SelectMany(folder => names.Select(name => Path.Combine(folder, name))).FirstOrDefault(IsExecutable);
    }

    private static bool IsExecutable(string file)
    {
        const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return File.Exists(file) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(file) & Execute) != 0);
    }

    private static string Real(string path) =>
        OperatingSystem.IsWindows() ? path : PosixCalls.RealPath(Encoding.UTF8.GetBytes(path)) is { } real ? Encoding.UTF8.GetString(real) : path;
}
