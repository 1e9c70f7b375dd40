using System.Diagnostics;
using System.Globalization;
using Savepoint.Maintenance;
using Savepoint.Model;

namespace Savepoint.Tests.Soak;

/// <summary>
/// Agents' work of many hours in accelerated time: the store's clock goes forward with each operation, the disk and the code are
/// real. After each hour it says what the process and the store hold; at the end it fails unless all of that stayed where it was.
/// </summary>
internal sealed class SoakRun(SnapshotManager manager, Workspace workspace, SoakClock clock, int operationsAnHour, Action<string> say)
{
    private const int FileCount = 200;
    private const int TurnLength = 20; // operations
    private const int SessionLength = 15; // turns
    private const int PausesAnHour = 6;
    private const double MaxGrowth = 1.10;
    private const double MaxRestGrowthMegabytes = 4; // pages that the C library's heap cannot give back, since a little of each is in use
    private const int LooksAtMemory = 5;
    private const int MaxMoreHandles = 4; // archives are open from one clean-up to the next: so many of them, however long it lasts

    /// <summary>Of fewer operations in the first hour its figure says nothing: the runtime compiles, and the layers have room left.</summary>
    private const int MinOperationsMeasured = 2000;

    private readonly Random _random = new(1);
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private TimeSpan _longestPause;
    private long _operation;
    private int _session;
    private int _turn;

    public long Errors { get; private set; }

    /// <summary>Runs so many hours of so many operations, in a store of at most so many bytes.</summary>
    /// <param name="hours">How many.</param>
    /// <param name="operationsAnHour">In each of them.</param>
    /// <param name="maxStoreBytes">The quota.</param>
    /// <param name="say">Takes the table, line by line.</param>
    /// <exception cref="InvalidOperationException">Something did not stay where it was.</exception>
    public static async Task RunAsync(int hours, int operationsAnHour, long maxStoreBytes, Action<string> say)
    {
        using var workspace = new Workspace();
        var clock = new SoakClock();
        workspace.Options = workspace.Options with { Time = clock, MaxStoreBytes = maxStoreBytes };
        for (var i = 0; i < FileCount; i++)
        {
            workspace.Write($"src/part{i % 10}/file{i}.txt", Text(new Random(i)));
        }

        await using var manager = await workspace.InitAsync();
        var run = new SoakRun(manager, workspace, clock, operationsAnHour, say);
        say("hour  operations  errors  memory MB  at rest MB  handles   store MB  snapshots    expired  pause s  seconds");
        var rows = new List<Row>();
        for (var hour = 0; hour <= hours; hour++) // in hour 0 what has a bound of memory fills, so it is measured and not compared with
        {
            await run.HourAsync(hour);
            rows.Add(run.Look(hour));
            say(rows[^1].ToString());
        }

        Check(rows[1..], maxStoreBytes, run.Errors, isMemoryMeasured: operationsAnHour >= MinOperationsMeasured);
        var problems = manager.Verify(deep: true).Problems;
        say(problems.Count == 0 ? "verify: all is well" : string.Join('\n', problems));
        if (problems.Count > 0)
        {
            throw new InvalidOperationException("The store is damaged.");
        }
    }

    private static void Check(List<Row> rows, long maxStoreBytes, long errors, bool isMemoryMeasured)
    {
        var first = rows[0];
        foreach (var row in rows)
        {
            var what = errors > 0 ? $"{errors} errors"
                : isMemoryMeasured && row.MemoryMegabytes > first.MemoryMegabytes * MaxGrowth ? $"memory grew from {first.MemoryMegabytes:0.0} to {row.MemoryMegabytes:0.0} MB"
                : isMemoryMeasured && row.RestMegabytes > first.RestMegabytes + MaxRestGrowthMegabytes ? $"memory at rest grew from {first.RestMegabytes:0.0} to {row.RestMegabytes:0.0} MB"
                : row.Handles > first.Handles + MaxMoreHandles ? $"{row.Handles} handles are open, and not {first.Handles}"
                : row.StoreBytes > maxStoreBytes ? $"the store takes {row.StoreBytes} bytes"
                : null;
            if (what is not null)
            {
                throw new InvalidOperationException($"Hour {row.Hour}: {what}.");
            }
        }
    }

    private async Task HourAsync(int hour)
    {
        for (var i = 1; i <= operationsAnHour; i++)
        {
            clock.Advance(TimeSpan.FromHours(1.0 / operationsAnHour));
            await TryAsync(OperationAsync);
            manager.FillLayers(); // as a watcher does
            if (i % (operationsAnHour / PausesAnHour) == 0)
            {
                await TryAsync(PauseAsync);
            }
        }

        await TryAsync(async () => await manager.MilestoneAsync($"hour-{hour}", manager.Head!.Value));
        if (hour > 3)
        {
            manager.RemoveLabel($"hour-{hour - 3}"); // a person keeps the last ones
        }

        await TryAsync(PauseAsync);
    }

    private async Task TryAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (SavepointException e)
        {
            Errors++;
            say($"error: {e.Code} {e.Message}");
        }
    }

    /// <summary>What the pipeline of a process that stays does once nobody records (MaintenanceRules).</summary>
    private async Task PauseAsync()
    {
        clock.Advance(MaintenanceRules.Pause);
        var started = Stopwatch.GetTimestamp();
        await manager.CompactAsync();
        await manager.CleanUpAsync();
        await manager.KeepWithinBoundsAsync();
        _longestPause = TimeSpan.FromTicks(Math.Max(_longestPause.Ticks, Stopwatch.GetElapsedTime(started).Ticks));
    }

    private async Task OperationAsync()
    {
        if (_operation % TurnLength == 0)
        {
            await BeginTurnAsync();
        }

        _operation++;
        var context = new CaptureContext { Actor = new Actor("agent", $"session-{_session}", $"turn-{_session}-{_turn}"), Tool = "Edit" };
        var path = $"src/part{_random.Next(10)}/file{_random.Next(FileCount)}.txt";
        switch (_random.Next(100))
        {
            case < 8:
                await manager.UndoAsync(_random.Next(1, 4));
                break;
            case < 11:
                await manager.RedoAsync();
                break;
            case < 13:
                await manager.RollbackAsync(manager.Resolve(Revision.Parse($"@-{_random.Next(1, 30)}")));
                break;
            case < 15:
                workspace.Write($"build/out{_random.Next(5)}.txt", Text(_random));
                await manager.CaptureAsync(context: context with { Tool = "Bash" });
                break;
            case < 17:
                _ = manager.LastOperations(10);
                _ = manager.NewestSessions(5);
                break;
            case < 18 when File.Exists(workspace.At(path)):
                await EditAsync(path, context, () => File.Delete(workspace.At(path)));
                break;
            default:
                await EditAsync(path, context, () => workspace.Write(path, File.Exists(workspace.At(path)) ? Changed(workspace.Read(path)) : Text(_random)));
                break;
        }
    }

    private async Task BeginTurnAsync()
    {
        if (++_turn % SessionLength == 0)
        {
            await manager.CatchUpAsync($"session-{_session}", isOver: true);
            _session++;
            manager.AddLabel($"session-{_session}", manager.Head!.Value, Retention.Session, $"session-{_session}");
        }

        manager.BeginTurn(new Actor("agent", $"session-{_session}", $"turn-{_session}-{_turn}"), "do it");
    }

    private async Task EditAsync(string path, CaptureContext context, Action edit)
    {
        var pending = await manager.BeginEditAsync([WorkspacePath.Parse(path)], context);
        edit();
        await pending.CommitAsync();
    }

    private string Changed(string text)
    {
        var lines = text.Split('\n');
        lines[_random.Next(lines.Length)] = $"line {_random.Next()}";
        return string.Join('\n', lines);
    }

    private static string Text(Random random) => string.Join('\n', Enumerable.Range(0, 60).Select(line => $"line {line} of some text {random.Next(1000)}"));

    private Row Look(int hour)
    {
        var held = LeastMemory(() =>
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            NativeHeap.Trim();
        });
        var rest = LeastMemory(() => manager.FreeMemory());
        var bounds = manager.Bounds();
        var row = new Row(
            hour, _operation, Errors, held / 1e6, rest / 1e6, Handles(), bounds.StoreBytes,
            manager.Head!.Value.Value - bounds.ExpiredCount, bounds.ExpiredCount, _longestPause.TotalSeconds, _watch.Elapsed.TotalSeconds);
        _longestPause = TimeSpan.Zero;
        return row;
    }

    /// <summary>What is the process's own after everything that nobody uses was given back. Threads of the runtime come and go: the least of a few looks is what is held.</summary>
    private static long LeastMemory(Action giveBack) => Enumerable.Range(0, LooksAtMemory).Min(_ =>
    {
        giveBack();
        return ProcessMemory.AnonymousBytes() ?? GC.GetTotalMemory(forceFullCollection: true);
    });

    /// <summary>What is open, without the code, of which the runtime opens more when it first needs it.</summary>
    private static int Handles() => !Directory.Exists("/proc/self/fd") ? 0
        : Directory.GetFileSystemEntries("/proc/self/fd").Count(handle => new FileInfo(handle).LinkTarget is { } open && !open.EndsWith(".dll", StringComparison.Ordinal));

    private sealed record Row(int Hour, long Operations, long Errors, double MemoryMegabytes, double RestMegabytes, int Handles, long StoreBytes, long Snapshots, long Expired, double PauseSeconds, double Seconds)
    {
        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture, $"{Hour,4}  {Operations,10}  {Errors,6}  {MemoryMegabytes,9:0.0}  {RestMegabytes,10:0.0}  {Handles,7}  {StoreBytes / 1e6,9:0.00}  {Snapshots,9}  {Expired,9}  {PauseSeconds,7:0.0}  {Seconds,7:0}");
    }
}
