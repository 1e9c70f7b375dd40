using System.Diagnostics;
using Savepoint.Workspaces.Linux;

namespace Savepoint.Bench;

/// <summary>The least that a scan can take: one stat of each path, nothing listed, nothing compared, on two threads.</summary>
internal static class BareStat
{
    private const int ThreadCount = 2;
    private const int PathOnlyDirectory = 0x200000 | 0x10000; // O_PATH | O_DIRECTORY

    /// <summary>How long it took, in milliseconds.</summary>
    public static double Measure(string root, List<byte[]> paths)
    {
        var directory = LinuxCalls.Open(System.Text.Encoding.UTF8.GetBytes(root), PathOnlyDirectory);
        var threads = Enumerable.Range(0, ThreadCount).Select(part => new Thread(() => StatAll(directory, paths, paths.Count * part / ThreadCount, paths.Count * (part + 1) / ThreadCount))).ToList();
        var started = Stopwatch.GetTimestamp();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        var elapsed = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        LinuxCalls.Close(directory);
        return elapsed;
    }

    private static unsafe void StatAll(int directory, List<byte[]> paths, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            fixed (byte* path = paths[i])
            {
                LinuxCalls.StatAt(directory, path, LinuxCalls.NoFollowSymlink, Statx.BasicMask, out _);
            }
        }
    }
}
