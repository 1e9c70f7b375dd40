using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Savepoint.Bench;

/// <summary>
/// A watching process on a tree of 1,000 files: from the last write of another process to the record, and what it costs
/// while nothing happens, over a whole minute that follows a write.
/// </summary>
internal static class WatchBench
{
    private const int Rounds = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task<IReadOnlyList<Row>> RunAsync()
    {
        using var tree = new ScratchTree(files: 1000, fileBytes: 10_000);
        await using var manager = (await SnapshotManager.InitAsync(tree.Root, tree.Options)).Manager;
        using var watcher = Start(tree);
        try
        {
            var recorded = new Samples();
            for (var round = 0; round < Rounds; round++)
            {
                recorded.Add(await RecordAsync(tree, manager));
            }

            await Task.Delay(TimeSpan.FromSeconds(2)); // what came last is behind it
            var before = CpuTime(watcher);
            await Task.Delay(TimeSpan.FromMinutes(1));
            var idle = CpuTime(watcher) - before;
            watcher.Refresh();
            return
            [
                new("watch: from write to record, p50", recorded.P50, 300, "ms", $"n = {recorded.Count}, 10 KB file, 1,000 files, debounce 100 ms"),
                new("watch: from write to record, p99", recorded.P99, 300, "ms", "as before"),
                new("watch: processor time in an idle minute", idle.TotalMilliseconds, 10, "ms", "1,000 files, begun two seconds after a change: a scan is among it"),
                new("watch: resident memory", watcher.WorkingSet64 / 1e6, 100, "MB", "1,000 files"),
            ];
        }
        finally
        {
            watcher.Kill();
        }
    }

    /// <summary>The milliseconds from a write to the snapshot of it, which is looked for each millisecond.</summary>
    private static async Task<double> RecordAsync(ScratchTree tree, SnapshotManager manager)
    {
        var head = manager.Head;
        tree.Edit(tree.Text.Next(tree.Files.Count));
        var written = Stopwatch.GetTimestamp();
        while (manager.Head == head)
        {
            await Task.Delay(1);
            if (Stopwatch.GetElapsedTime(written) > Patience)
            {
                throw new TimeoutException("The watcher recorded nothing.");
            }
        }

        return Stopwatch.GetElapsedTime(written).TotalMilliseconds;
    }

    private static Process Start(ScratchTree tree)
    {
        var start = new ProcessStartInfo(Shell.Savepoint, ["watch"]) { WorkingDirectory = tree.Root, RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["HOME"] = tree.Home;
        start.Environment["SAVEPOINT_HOME"] = tree.StoreHome;
        var watcher = Process.Start(start)!;
        watcher.StandardError.ReadLine(); // it watches
        watcher.OutputDataReceived += (_, _) => { };
        watcher.BeginOutputReadLine();
        return watcher;
    }

    /// <summary>What all threads of a process have used, those that have ended too: its clock (clock_getcpuclockid(3)), to the nanosecond.</summary>
    private static TimeSpan CpuTime(Process process)
    {
        const int Scheduler = 2; // CPUCLOCK_SCHED of the kernel's posix-timers.h
        return ClockTime((~process.Id << 3) | Scheduler, out var time) == 0
            ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000)
            : throw new InvalidOperationException("The watcher is gone.");
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    private static extern int ClockTime(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
