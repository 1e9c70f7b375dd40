using Savepoint.Workspaces.Watching;
using Xunit;

namespace Savepoint.Tests.Workspaces.Watching;

public sealed class ScanScheduleTests
{
    private readonly ScanSchedule _scans = new(Seconds(30));

    [Fact]
    public void A_small_tree_is_scanned_each_half_minute_even_if_nothing_happens()
    {
        Assert.Equal([30, 60, 90, 120], Scans(cost: 0.0015, until: 125));
    }

    [Fact]
    public void A_large_idle_tree_is_scanned_ever_less_until_it_costs_nearly_nothing()
    {
        var scans = Scans(cost: 0.3, until: 100_000);

        Assert.Equal([30, 90, 210, 450, 930], scans[..5]);
        Assert.Equal(6000, scans[^1] - scans[^2], 1.0);
    }

    [Fact]
    public void After_a_change_it_is_scanned_twice_in_two_minutes_and_then_less()
    {
        _scans.Happened(Seconds(0));

        Assert.Equal([30, 90, 210], Scans(cost: 0.1, until: 300));
    }

    [Fact]
    public void A_change_brings_a_scan_within_half_a_minute()
    {
        _ = Scans(cost: 0.3, until: 10_000);

        _scans.Happened(Seconds(10_001));

        Assert.Equal(Seconds(10_031), _scans.DueAt);
    }

    [Fact]
    public void While_changes_come_scans_keep_their_distance()
    {
        var at = 0.0;
        for (var i = 0; i < 5; i++)
        {
            _scans.Happened(Seconds(at));
            at = _scans.DueAt.TotalSeconds;
            _scans.Scanned(Seconds(at), Seconds(2), isLimited: false);
        }

        Assert.Equal(Seconds(at + 60), _scans.DueAt); // a thirtieth of the time
    }

    [Fact]
    public void Where_not_all_is_watched_scans_come_by_the_second()
    {
        _scans.Scanned(Seconds(10), Seconds(0.01), isLimited: true);
        Assert.Equal(Seconds(11), _scans.DueAt);

        _scans.Scanned(Seconds(11), Seconds(0.3), isLimited: true);
        Assert.Equal(Seconds(17), _scans.DueAt);
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private List<double> Scans(double cost, double until)
    {
        var scans = new List<double>();
        while (_scans.DueAt < Seconds(until))
        {
            scans.Add(_scans.DueAt.TotalSeconds);
            _scans.Scanned(_scans.DueAt, Seconds(cost), isLimited: false);
        }

        return scans;
    }
}
