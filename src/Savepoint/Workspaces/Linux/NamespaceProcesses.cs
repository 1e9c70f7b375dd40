using System.Globalization;

namespace Savepoint.Workspaces.Linux;

/// <summary>The processes in a mount namespace: all that a command left running which saw an overlay.</summary>
internal static class NamespaceProcesses
{
    private const int AttemptCount = 50;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Kills them, again until none is left: one may fork meanwhile.</summary>
    /// <param name="space">The namespace as <c>/proc</c> names it.</param>
    /// <returns>How many there were; 0 most often, and then this has cost a look at each process.</returns>
    public static int End(string space)
    {
        var seen = new HashSet<int>();
        for (var attempt = 0; attempt < AttemptCount && Find(space) is { Count: > 0 } left; attempt++)
        {
            foreach (var process in left)
            {
                seen.Add(process);
                LinuxCalls.Kill(process);
            }

            left.ForEach(process => LinuxCalls.AwaitEndOf(process, Patience)); // a killed process takes a moment to leave its namespace
        }

        return seen.Count;
    }

    private static List<int> Find(string space)
    {
        var found = new List<int>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var process) && process != Environment.ProcessId && NamespaceOf(process) == space)
            {
                found.Add(process);
            }
        }

        return found;
    }

    private static string? NamespaceOf(int process)
    {
        try
        {
            return new FileInfo($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/ns/mnt").LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // gone, or another user's
        }
    }
}
