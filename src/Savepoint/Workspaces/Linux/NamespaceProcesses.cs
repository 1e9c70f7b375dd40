using System.Globalization;

namespace Savepoint.Workspaces.Linux;

/// <summary>
/// The processes in a mount namespace: all that a command left running which saw an overlay. The number of a namespace that has ended is soon
/// given to another, be it another approach's or a container's: only who sees the overlay itself is meant.
/// </summary>
internal static class NamespaceProcesses
{
    private const int AttemptCount = 50;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Kills them, again until none is left: one may fork meanwhile.</summary>
    /// <param name="space">The namespace as <c>/proc</c> names it.</param>
    /// <param name="upper">The overlay's own layer.</param>
    /// <returns>How many there were; 0 most often, and then this has cost a look at each process.</returns>
    public static int End(string space, string upper)
    {
        var seen = new HashSet<int>();
        for (var attempt = 0; attempt < AttemptCount && Find(space, upper) is { Count: > 0 } left; attempt++)
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

    private static List<int> Find(string space, string upper)
    {
        var option = $"upperdir={Escape(upper)}";
        var found = new List<int>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var process) && process != Environment.ProcessId && NamespaceOf(process) == space && Sees(process, option))
            {
                found.Add(process);
            }
        }

        return found;
    }

    /// <summary>Whether a mount with this option is among those of a process.</summary>
    private static bool Sees(int process, string option)
    {
        try
        {
            return File.ReadLines($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/mountinfo").Any(line => line.Split(' ')[^1].Split(',').Contains(option, StringComparer.Ordinal));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // gone, or another user's
        }
    }

    // As the kernel prints the value of an option (seq_show_option in fs/seq_file.c).
    private static string Escape(string path) =>
        string.Concat(path.Select(c => c is ',' or ' ' or '\t' or '\n' or '\\' ? $"\\{Convert.ToString(c, 8).PadLeft(3, '0')}" : $"{c}"));

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
