using Savepoint.Model;

namespace Savepoint.Restoring;

/// <summary>How a restore ended: done, or failed at one path and taken back.</summary>
/// <param name="FailedPath">The path that could not be brought to its state; null if all were.</param>
/// <param name="Reason">Why, in a sentence.</param>
/// <param name="ChangedMeanwhile">Whether it failed because another process changed the path: worth another try.</param>
/// <param name="IsTakenBack">Whether everything is as before: false only if taking it back failed too, and the journal stands.</param>
internal sealed record RestoreOutcome(WorkspacePath? FailedPath, string? Reason, bool IsTakenBack, bool ChangedMeanwhile = false)
{
    /// <summary>Whether it failed because the store does not have what was to be brought back.</summary>
    public bool IsDamaged { get; init; }

    public static RestoreOutcome Done { get; } = new(null, null, true);
}
