using Savepoint.Model;

namespace Savepoint.Policies;

/// <summary>What was found out about a state, as far as later states are compared with it.</summary>
/// <param name="Snapshot">The state.</param>
/// <param name="Build">Whether it builds.</param>
/// <param name="IsTestPassed">Whether its tests passed; null if none were run.</param>
/// <param name="Tests">How many tests passed and failed; null if that could not be read.</param>
/// <param name="Failing">The tests that failed, by name; null if names could not be read.</param>
/// <param name="Figures">What was measured.</param>
/// <param name="IsPassed">Whether all that was checked passed.</param>
internal sealed record CheckedState(SnapshotNumber Snapshot, BuildResult Build, bool? IsTestPassed, TestCounts? Tests, IReadOnlyList<string>? Failing, IReadOnlyList<Figure> Figures, bool IsPassed)
{
    /// <summary>Whether a rollback trigger tripped at it: then it is nothing to compare with, whatever became of that.</summary>
    public bool IsTripped { get; init; }
}
