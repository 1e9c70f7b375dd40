namespace Savepoint.Tests.Soak;

/// <summary>The time of day goes forward when it is told to; durations and timers are real, since the work is.</summary>
internal sealed class SoakClock : TimeProvider
{
    private DateTimeOffset _now = new(2026, 11, 25, 8, 0, 0, TimeSpan.Zero);

    public void Advance(TimeSpan time) => _now += time;

    public override DateTimeOffset GetUtcNow() => _now;
}
