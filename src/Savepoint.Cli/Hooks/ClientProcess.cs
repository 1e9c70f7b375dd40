using Savepoint.Checking.Running;

namespace Savepoint.Cli.Hooks;

/// <summary>Which process is the client that called this hook: it will tell of the end of what it tells of now, if it lives.</summary>
internal static class ClientProcess
{
    private const int FarthestAncestor = 8;

    // Clients run a hook's command by a shell, which ends with it.
    private static readonly string[] Shells = ["sh", "bash", "dash", "zsh", "fish", "ksh", "busybox", "env"];

    /// <summary>Its number: the nearest process above this one that is no shell. Null where that cannot be found out.</summary>
    public static int? Number
    {
        get
        {
            var at = OperatingSystem.IsLinux() ? ProcessTable.Read(Environment.ProcessId)?.Parent : null;
            for (var i = 0; i < FarthestAncestor && at is > 1 and var number; i++)
            {
                if (NameOf(number) is not { } name)
                {
                    return null;
                }

                if (!Shells.Contains(name, StringComparer.Ordinal))
                {
                    return number;
                }

                at = ProcessTable.Read(number)?.Parent;
            }

            return null;
        }
    }

    private static string? NameOf(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/comm").TrimEnd('\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
