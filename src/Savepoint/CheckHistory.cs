using Savepoint.Model;
using Savepoint.Policies;
using Savepoint.Storage;

namespace Savepoint;

/// <summary>
/// What the history says beside a check that just ended: earlier verifications, earlier decisions, states that a rollback
/// could go to. Read once, turned into <see cref="CheckSignals"/>.
/// </summary>
internal sealed class CheckHistory
{
    private static readonly string[] RollbackRules = [PolicyRule.CompileError, PolicyRule.TestFailure, PolicyRule.PerformanceDrop];

    private readonly SnapshotStore _store;
    private readonly Verification _verification;
    private readonly List<CheckedState> _earlier;
    private readonly List<Decision> _decisions;
    private readonly List<SnapshotNumber> _rejected;

    public CheckHistory(SnapshotStore store, Verification verification, int count)
    {
        (_store, _verification) = (store, verification);
        var earlier = store.Verifications.Before(verification, count);
        var tripped = earlier.Count == 0 ? [] : store.DecidedSnapshots(RollbackRules, earlier[^1].Snapshot);
        _earlier = earlier.ConvertAll(state => StateOf(state) with { IsTripped = tripped.Contains(state.Snapshot) });
        _decisions = store.NewestDecisions(count);
        _rejected = [.. _decisions.Where(IsActed).Select(decision => decision.Snapshot)];
    }

    /// <summary>The state that was checked before and not rolled back from, with which functions are compared; null if there is none.</summary>
    public SnapshotNumber? CheckedBefore => _decisions.Find(decision => IsOfCheck(decision) && !IsActed(decision) && decision.Snapshot < _verification.Snapshot)?.Snapshot;

    /// <summary>Whether a decision is of a check that found nothing to go back from.</summary>
    public static bool IsQuiet(Decision decision) => decision.Rule is PolicyRule.None or PolicyRule.FeatureComplete or PolicyRule.QualityDegradation;

    /// <summary>An error as one line that stays the same when it moves in its file.</summary>
    public static string ErrorLine(Diagnostic error) => string.Join(' ', new[] { error.File is { } file ? $"{file}:" : null, error.Code, error.Message }.OfType<string>());

    /// <summary>The signals of the check.</summary>
    /// <param name="policies">The thresholds.</param>
    /// <param name="functions">The functions that changed.</param>
    /// <param name="beside">The state measured in turn with an earlier one; null if that was not done.</param>
    public CheckSignals Signals(PolicyOptions policies, IReadOnlyList<FunctionChange> functions, BesideMeasurement? beside = null)
    {
        var now = StateOf(_verification);
        var (tests, tested) = Baselines.Tests(now, _earlier, policies.Rollback.TestFailureThreshold);
        var (benchmarks, fast) = Baselines.Benchmarks(now, _earlier, policies.Rollback.PerformanceDropThreshold, beside);
        return new CheckSignals
        {
            Snapshot = _verification.Snapshot,
            Build = _verification.Build,
            Errors = [.. _verification.Errors.Select(ErrorLine).Distinct()],
            Tests = tests,
            Benchmarks = benchmarks,
            Functions = functions,
            WorkingStates = Targets(_earlier.Where(state => state.Build != BuildResult.Unknown).DistinctBy(state => state.Snapshot).Where(state => state.Build == BuildResult.Passed).Select(state => state.Snapshot)),
            TestedStates = Targets(tested),
            FastStates = Targets(fast),
            PassedBefore = HasPassedAsItIs() ? true : _earlier.Find(state => state.IsTestPassed is not null && !_rejected.Contains(state.Snapshot))?.IsPassed,
            Open = [.. _decisions.Where(IsOfCheck).Take(1).Where(decision => decision.Outcome == DecisionOutcome.Suggested).Select(Prior)],
            Acted = [.. _decisions.Where(IsActed).Where(decision => !HasPassedSince(decision)).Select(Prior)],
            UnverifiedDependencies = _store.Labels().FindLast(label => label.Retention == Retention.UntilVerification && label.Snapshot < _verification.Snapshot)?.Name,
        };
    }

    /// <summary>The decision before, if it was made of the same trouble and only suggested; else null.</summary>
    public Decision? SameAsBefore(Decision decision)
    {
        var before = _decisions.Find(IsOfCheck);
        var isSame = before is { Outcome: DecisionOutcome.Suggested } && decision.Mode == PolicyMode.Suggest && decision.Action != PolicyAction.None
            && (before.Rule, before.Cause, before.Target, before.Snapshot) == (decision.Rule, decision.Cause, decision.Target, decision.Snapshot);
        return isSame ? before : null;
    }

    private static bool IsOfCheck(Decision decision) => SignalText.IsOfCheck(decision.Signals);

    private static bool IsActed(Decision decision) => PolicyAction.IsRollback(decision.Action) && decision.Outcome is DecisionOutcome.Done or DecisionOutcome.Begun;

    private static PriorDecision Prior(Decision decision) => new(decision.Id, decision.Rule, decision.Cause);

    private static CheckedState StateOf(Verification verification) => new(
        verification.Snapshot, verification.Build,
        verification.TestOutcome switch { CheckOutcome.Passed => true, CheckOutcome.Failed => false, _ => null },
        verification.Tests, verification.FailingTests, verification.Figures, verification.IsPassed);

    /// <summary>Whether a check of a state that is not the one gone back to has tripped nothing since: then the trouble is over.</summary>
    private bool HasPassedSince(Decision acted) =>
        _decisions.Exists(later => later.Id > acted.Id && IsQuiet(later) && later.Snapshot > acted.Snapshot && !IsSame(acted.Target!.Value, later.Snapshot));

    /// <summary>Whether an earlier check of this very state passed.</summary>
    private bool HasPassedAsItIs() => _store.Verifications.Of(_verification.Snapshot).Exists(earlier => earlier.Id < _verification.Id && earlier is { IsPassed: true, TestOutcome: CheckOutcome.Passed });

    /// <summary>Whether the trees of two snapshots are equal; of one that is no more, nobody knows, and it is taken not to be.</summary>
    private bool IsSame(SnapshotNumber x, SnapshotNumber y) =>
        x == y || (_store.FindHeader(x) is not null && _store.FindHeader(y) is not null && _store.Between(x, y).Count == 0);

    /// <summary>States with whether they were rejected, without those that are what stands there now.</summary>
    private List<RollbackTarget> Targets(IEnumerable<SnapshotNumber> states) =>
    [
        .. states.Distinct().Where(state => _store.FindHeader(state) is not null && !IsSame(state, _verification.Snapshot))
            .Select(state => new RollbackTarget(state, _rejected.Exists(rejected => IsSame(rejected, state))))
            .Take(10),
    ];
}
