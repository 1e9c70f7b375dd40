using Savepoint.Model;

namespace Savepoint.Policies;

/// <summary>
/// Signals in, decisions out (the seed's name). Pure: the same options and signals give the same decision, on any machine
/// and at any time, so a recorded one can be made again and explained (docs/design/decisions.md). Immutable and thread-safe.
/// </summary>
/// <param name="options">What the policies may do, and from when on.</param>
public sealed class SnapshotDecisionEngine(PolicyOptions options)
{
    /// <summary>
    /// What follows from the checks of a state: one decision, from the first rule that applies. A build that fails hides what
    /// tests say, failing tests hide speed, and a slow state is no complete feature.
    /// </summary>
    /// <returns>The decision, not yet numbered; its rule is <see cref="PolicyRule.None"/> if none applied.</returns>
    public Decision Decide(CheckSignals signals)
    {
        ArgumentNullException.ThrowIfNull(signals);
        var triggers = new RollbackTriggers(options.Rollback, signals);
        var decision = triggers.CompileError()
            ?? triggers.TestFailure()
            ?? triggers.PerformanceDrop()
            ?? triggers.QualityDegradation()
            ?? CheckpointRules.FeatureComplete(options.Checkpoints, signals)
            ?? Nothing(signals);
        return decision with { Signals = SignalText.Write(options, signals) };
    }

    /// <summary>Which checkpoints of the state before an operation it is worth having: none, as a rule.</summary>
    public IReadOnlyList<Decision> Decide(CaptureSignals signals)
    {
        ArgumentNullException.ThrowIfNull(signals);
        var decisions = new[] { CheckpointRules.MajorRefactor(options.Checkpoints, signals), CheckpointRules.DependencyUpdate(options.Checkpoints, signals) }.OfType<Decision>().ToList();
        return decisions.Count == 0 ? [] : [.. decisions.Select(decision => decision with { Signals = SignalText.Write(options, signals) })];
    }

    /// <summary>What is to be said of functions that a snapshot changed: that they became worse, that a checkpoint may be worth it.</summary>
    public IReadOnlyList<Decision> Decide(FunctionSignals signals)
    {
        ArgumentNullException.ThrowIfNull(signals);
        var check = new CheckSignals { Snapshot = signals.Snapshot, Functions = signals.Functions, WorkingStates = [new RollbackTarget(signals.Before, IsRejected: false)] };
        var decisions = new[] { new RollbackTriggers(options.Rollback, check).QualityDegradation(), CheckpointRules.ComplexityThreshold(options.Checkpoints, signals) }.OfType<Decision>().ToList();
        return decisions.Count == 0 ? [] : [.. decisions.Select(decision => decision with { Signals = SignalText.Write(options, signals) })];
    }

    /// <summary>Makes a recorded decision again, from nothing but what its record holds.</summary>
    /// <returns>The decision, with no number, time, outcome or analysis; null if its record has no signals.</returns>
    /// <exception cref="FormatException">The record holds something else than signals.</exception>
    public static Decision? Replay(Decision recorded)
    {
        ArgumentNullException.ThrowIfNull(recorded);
        return SignalText.Read(recorded.Signals) switch
        {
            (PolicyOptions policy, CheckSignals check) => new SnapshotDecisionEngine(policy).Decide(check),
            (PolicyOptions policy, CaptureSignals capture) => new SnapshotDecisionEngine(policy).Decide(capture).FirstOrDefault(decision => decision.Rule == recorded.Rule),
            (PolicyOptions policy, FunctionSignals functions) => new SnapshotDecisionEngine(policy).Decide(functions).FirstOrDefault(decision => decision.Rule == recorded.Rule),
            _ => null,
        };
    }

    private Decision Nothing(CheckSignals signals) => new()
    {
        Snapshot = signals.Snapshot,
        Rule = PolicyRule.None,
        Action = PolicyAction.None,
        Mode = PolicyMode.Off,
        Reason = RollbackTriggers.Inherited(options.Rollback, signals) is { } slow && signals.Build != BuildResult.Failed ? slow : NothingReason(signals),
        Numbers = RollbackTriggers.NumbersOf(signals),
    };

    private static string NothingReason(CheckSignals signals) => signals switch
    {
        { Build: BuildResult.Failed } => "The build failed, and no trigger that is on looks at that.",
        { Tests: { IsPassed: false, IsCounted: true, PassedAtBaseline: null } } => "Tests fail, but there is no earlier run to compare with: this one is the baseline now.",
        { Tests: { IsPassed: false, NewlyFailing.Count: 0 } } => "Only tests fail that failed at the baseline too.",
        { Tests: { IsPassed: false } tests } => $"{Words.Count(tests.NewlyFailing.Count, "test")} newly {(tests.NewlyFailing.Count == 1 ? "fails" : "fail")}, which is not above the threshold.",
        { Tests: not null } or { Build: BuildResult.Passed } => "What was checked passed, and nothing became worse beyond its threshold.",
        _ => "Nothing was checked that a rule looks at.",
    };
}
