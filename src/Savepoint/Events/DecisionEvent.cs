using Savepoint.Model;

namespace Savepoint.Events;

/// <summary><c>policy:decision</c>: the policies decided something. Not one of the seed's, which has no event for it.</summary>
/// <param name="Decision">The decision's number.</param>
/// <param name="Snapshot">The state that was judged.</param>
/// <param name="Rule">The rule it comes from, as <c>onCompileError</c>.</param>
/// <param name="Action">What follows, as <c>rollbackToLastWorkingState</c>.</param>
/// <param name="Mode">Whether that is done, or suggested.</param>
/// <param name="Outcome">What had become of it when it was recorded.</param>
/// <param name="Target">The state to go back to, or that was named; null if there is none.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record DecisionEvent(long Decision, SnapshotNumber Snapshot, string Rule, string Action, PolicyMode Mode, DecisionOutcome Outcome, SnapshotNumber? Target, string Reason) : SnapshotEvent
{
    /// <inheritdoc/>
    public override string Name => EventName.Decision;
}
