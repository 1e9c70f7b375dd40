namespace Savepoint.Tests.Workspaces.Scanning;

/// <summary>The system's clock, wrong by a certain amount.</summary>
internal sealed class TestClock(TimeSpan ahead) : TimeProvider
{
    /// <summary>So far ahead that no file is too young for its stat to be trusted.</summary>
    public static TestClock Settled { get; } = new(TimeSpan.FromMinutes(1));

    public override DateTimeOffset GetUtcNow() => TimeProvider.System.GetUtcNow() + ahead;
}
