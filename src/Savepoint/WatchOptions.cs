using Savepoint.Model;

namespace Savepoint;

/// <summary>How a workspace is watched.</summary>
public sealed record WatchOptions
{
    /// <summary>How long nothing must happen before what happened is recorded. 1 ms to 1 minute; default: 100 ms.</summary>
    public TimeSpan Debounce { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// How long after a change everything is scanned, for what the system does not report. 1 s or more; default: 30 s.
    /// While nothing happens, scans of large trees are rarer (docs/design/watching.md).
    /// </summary>
    public TimeSpan ScanInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long the changes of an announced command are left to its own snapshot; then what it has done so far is recorded,
    /// in its name. 0 or more; default: 5 minutes, longer than nearly every build.
    /// </summary>
    public TimeSpan CommandPatience { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The same for an announced edit. 0 or more; default: 10 s, for an edit tool writes at once.</summary>
    public TimeSpan EditPatience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Is told when the watch is in place, and when the system begins or ceases to refuse a part of it. Default: null, nobody.</summary>
    public IProgress<WatcherStatus>? Status { get; init; }

    /// <summary>
    /// Is told when something cannot be recorded for want of room, say: it is tried again each few seconds, and at the watch's end for the last time. Once, until it can be again.
    /// Default: null, nobody.
    /// </summary>
    public IProgress<SavepointException>? Trouble { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    internal void Validate()
    {
        Require(Debounce >= TimeSpan.FromMilliseconds(1) && Debounce <= TimeSpan.FromMinutes(1), nameof(Debounce));
        Require(ScanInterval >= TimeSpan.FromSeconds(1), nameof(ScanInterval));
        Require(CommandPatience >= TimeSpan.Zero, nameof(CommandPatience));
        Require(EditPatience >= TimeSpan.Zero, nameof(EditPatience));
    }

    private static void Require(bool isInRange, string name)
    {
        if (!isInRange)
        {
            throw new ArgumentOutOfRangeException(name);
        }
    }
}
