namespace Savepoint.Workspaces.Watching;

/// <summary>
/// When to scan everything, for what the system does not report: stores into a mapped file, and, past its limit, whatever
/// happens in a directory that is not watched. Pure; a time is how long the watch has lasted.
/// </summary>
/// <remarks>
/// A scan costs a stat an entry, so a watch that shall cost an idle machine nothing cannot scan each half minute whatever
/// the tree's size. A mapping begins with an opening for writing and its closing is an event, so where nothing happens
/// nothing is likely to be mapped: a scan comes an interval after an event, then after twice the time each, until all scans
/// together take no more than a twenty-thousandth of the time, three milliseconds a minute on each processor. A tree of five
/// hundred files thus is scanned each half minute for ever, one of eighty thousand, if nobody touches it, each hour or two.
/// While somebody does, scans take at most a thirtieth. Not thread-safe.
/// </remarks>
internal sealed class ScanSchedule
{
    private const int IdleShare = 20_000;
    private const int BusyShare = 30;
    private const int LimitedShare = 20;

    private static readonly TimeSpan LimitedInterval = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _interval;
    private TimeSpan _scanned;
    private TimeSpan _cost;
    private TimeSpan _pause;
    private bool _isBusy;

    /// <param name="interval">How long after an event, and the least time between two scans.</param>
    public ScanSchedule(TimeSpan interval) => _interval = _pause = DueAt = interval;

    /// <summary>When the next scan is due.</summary>
    public TimeSpan DueAt { get; private set; }

    /// <summary>Something happened.</summary>
    public void Happened(TimeSpan now)
    {
        if (!_isBusy)
        {
            _isBusy = true;
            _pause = _interval;
            var soon = Later(now + _interval, _scanned + (_cost * BusyShare));
            DueAt = DueAt < soon ? DueAt : soon;
        }
    }

    /// <summary>A scan has ended.</summary>
    /// <param name="now">Now.</param>
    /// <param name="cost">How long it took.</param>
    /// <param name="isLimited">Whether scans have to find what the system does not report: then they come by the second, and take up to a twentieth.</param>
    public void Scanned(TimeSpan now, TimeSpan cost, bool isLimited)
    {
        var most = Later(_interval, cost * IdleShare);
        _pause = _pause * 2 < most ? _pause * 2 : most;
        _isBusy = false;
        _scanned = now;
        _cost = cost;
        DueAt = now + (isLimited ? Later(LimitedInterval, cost * LimitedShare) : Later(_pause, cost * BusyShare));
    }

    private static TimeSpan Later(TimeSpan x, TimeSpan y) => x > y ? x : y;
}
