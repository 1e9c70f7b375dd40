using Savepoint.Model;

namespace Savepoint.Policies;

/// <summary>
/// What the hot copies of a history may take, in bytes: at which total which level begins, and what each leaves. Pure.
/// (The seed's adaptive memory allocation.)
/// </summary>
public sealed record MemoryBudget
{
    private const long Megabyte = 1_000_000;

    /// <summary>The seed's: 80, 120 and 150 MB.</summary>
    public static MemoryBudget Default { get; } = new();

    /// <summary>Where <see cref="MemoryLevel.Warning"/> begins. Default: 80 MB.</summary>
    public long WarningBytes { get; init; } = 80 * Megabyte;

    /// <summary>Where <see cref="MemoryLevel.Critical"/> begins. Default: 120 MB.</summary>
    public long CriticalBytes { get; init; } = 120 * Megabyte;

    /// <summary>Where <see cref="MemoryLevel.Emergency"/> begins. Default: 150 MB.</summary>
    public long EmergencyBytes { get; init; } = 150 * Megabyte;

    /// <summary>The level that a total of <paramref name="bytes"/> means.</summary>
    public MemoryLevel LevelOf(long bytes) =>
        bytes >= EmergencyBytes ? MemoryLevel.Emergency
        : bytes >= CriticalBytes ? MemoryLevel.Critical
        : bytes >= WarningBytes ? MemoryLevel.Warning
        : MemoryLevel.Normal;

    /// <summary>
    /// How much of each account stays, as a share of it. A level leaves the total so far below its own threshold that the
    /// next capture does not meet it again: a half of 80 MB, a quarter of 120, nothing of 150.
    /// </summary>
    public static double ShareLeftBy(MemoryLevel level) => level switch
    {
        MemoryLevel.Normal => 1,
        MemoryLevel.Warning => 0.5,
        MemoryLevel.Critical => 0.25,
        _ => 0,
    };

    /// <exception cref="SavepointException">The thresholds are not positive, or not in order.</exception>
    internal void Validate()
    {
        if (WarningBytes <= 0 || CriticalBytes < WarningBytes || EmergencyBytes < CriticalBytes)
        {
            throw new SavepointException(
                ErrorCode.InvalidSettings,
                $"The memory thresholds {WarningBytes}, {CriticalBytes} and {EmergencyBytes} are not positive, or not in order.",
                "Give warning, critical and emergency in bytes, none below the one before.");
        }
    }
}
