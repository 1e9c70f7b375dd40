namespace Savepoint.Workspaces.Scanning;

/// <summary>Whether a stat will tell of every change to come.</summary>
/// <remarks>
/// The "racy git" problem (git's Documentation/technical/racy-git): a file changed again within one tick of the file
/// system's clock keeps its stat. So a stat is only trusted if its time lies before the scan began by more than a tick: any
/// later change then has another time. A file from the future, after a clock was set back, is read each time until the
/// clock has passed it.
/// </remarks>
internal static class StatTrust
{
    /// <summary>Twice the coarsest tick of Linux file times (one jiffy at 100 Hz).</summary>
    private const long TickNs = 20_000_000;

    private const long SecondNs = 1_000_000_000;

    /// <summary>A time of whole seconds may come from a file system that knows no others: FAT counts by two.</summary>
    private const long CoarseTickNs = 2 * SecondNs;

    /// <summary>Whether a change after the scan must show in the stat.</summary>
    /// <param name="stat">The stat of an entry, taken after the scan began and before it was read.</param>
    /// <param name="startedNs">When the scan began, in nanoseconds since 1970.</param>
    public static bool IsSettled(in EntryStat stat, long startedNs)
    {
        // The time of the last change is set by the system alone; where there is none, that of the last write has to do.
        var time = stat.ChangedNs != 0 ? stat.ChangedNs : stat.ModifiedNs;
        return time < startedNs - (time % SecondNs == 0 ? CoarseTickNs : TickNs);
    }
}
