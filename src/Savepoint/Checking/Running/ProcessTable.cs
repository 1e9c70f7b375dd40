using System.Globalization;
using System.Text;

namespace Savepoint.Checking.Running;

/// <summary>One process: its number, who started it, the session that it is in, and when it started, for numbers are used again.</summary>
internal readonly record struct ProcessEntry(int Number, int Parent, int Session, long StartedAt)
{
    /// <summary>Whether it still runs.</summary>
    public bool IsThere => ProcessTable.Read(Number) is { } now && now.StartedAt == StartedAt;
}

/// <summary>The processes of the machine as <c>/proc</c> shows them, those left out that have ended. Empty elsewhere than on Linux. The command has this file, too.</summary>
internal static class ProcessTable
{
    public static IEnumerable<ProcessEntry> All() => !OperatingSystem.IsLinux() ? [] : Numbers().Select(Read).OfType<ProcessEntry>();

    /// <summary>
    /// Those of a session, and those that a variable of the environment marks, whatever session they made for themselves.
    /// </summary>
    /// <param name="session">The session.</param>
    /// <param name="mark">What stands somewhere in the environment; null for no such.</param>
    /// <param name="since">The start of the oldest process that can be marked, as <see cref="ProcessEntry.StartedAt"/> has it: the environments of older ones are not read.</param>
    public static List<ProcessEntry> Of(int session, byte[]? mark, long since = 0) =>
        [.. All().Where(entry => entry.Session == session || (mark is not null && entry.StartedAt >= since && entry.Number != Environment.ProcessId && EnvironmentOf(entry.Number).AsSpan().IndexOf(mark) >= 0))];

    /// <summary>A process by its number; null if it has ended.</summary>
    public static ProcessEntry? Read(int number)
    {
        // proc(5): behind the name, which may hold anything and ends at the last ')', come the state, the parent, the group, the session and, as field 22, the start.
        var stat = ReadAll($"/proc/{number}/stat");
        var fields = Encoding.ASCII.GetString(stat.AsSpan(Math.Min(stat.Length, stat.AsSpan().LastIndexOf((byte)')') + 2))).Split(' ');
        return fields.Length < 20 || fields[0] is "Z" or "X" ? null : new ProcessEntry(number, (int)Field(fields[1]), (int)Field(fields[3]), Field(fields[19]));
    }

    private static IEnumerable<int> Numbers() => Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
        .Select(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0).Where(number => number > 0);

    private static long Field(string text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : 0;

    private static byte[] EnvironmentOf(int number) => ReadAll($"/proc/{number}/environ");

    private static byte[] ReadAll(string file)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // it has ended, or is another user's
        }
    }
}
