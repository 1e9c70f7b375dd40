using System.Globalization;
using System.Text;

namespace Savepoint.Storage;

/// <summary>
/// One process and no other: its number and when it started, since numbers are used again. What a row of the store says
/// of a process holds only while that process lives, and here is how to ask.
/// </summary>
/// <param name="Number">The process id.</param>
/// <param name="StartedAt">On Linux, in the clock ticks since the system's start that <c>/proc</c> gives; elsewhere in .NET's ticks. Only good for comparing.</param>
internal readonly record struct ProcessIdentity(int Number, long StartedAt)
{
    /// <summary>No process: what says so is ended by somebody who does not live yet.</summary>
    public static ProcessIdentity None => default;

    /// <summary>This process.</summary>
    public static ProcessIdentity Own { get; } = new(Environment.ProcessId, StartOf(Environment.ProcessId) ?? 0);

    /// <summary>The process of a number; <see cref="None"/> if it is not there.</summary>
    public static ProcessIdentity Of(int number) => StartOf(number) is { } startedAt ? new ProcessIdentity(number, startedAt) : None;

    /// <summary>Whether the process is still there. One in another container cannot be seen, and counts as gone.</summary>
    public bool IsAlive => StartOf(Number) == StartedAt;

    private static long? StartOf(int number)
    {
        try
        {
            return OperatingSystem.IsLinux() ? StartInProc(File.ReadAllBytes($"/proc/{number}/stat")) : StartByName(number);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return null; // gone, or another user's
        }
    }

    // proc(5): field 22, counted from the last ')', since a program's name may hold anything. A zombie (field 3) has ended.
    private static long? StartInProc(ReadOnlySpan<byte> stat)
    {
        var fields = Encoding.ASCII.GetString(stat[(stat.LastIndexOf((byte)')') + 2)..]).Split(' ');
        return fields[0] is "Z" or "X" ? null : long.Parse(fields[19], CultureInfo.InvariantCulture);
    }

    private static long StartByName(int number)
    {
        using var process = System.Diagnostics.Process.GetProcessById(number);
        return process.StartTime.Ticks;
    }
}
