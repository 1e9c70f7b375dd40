using Savepoint.Model;
using Savepoint.Policies;
using Savepoint.Quality;

namespace Savepoint;

/// <content>What is decided when something is recorded: checkpoints of the state before it.</content>
public sealed partial class SnapshotManager
{
    /// <summary>How the names of checkpoints begin that the policies make; the number of the state follows.</summary>
    private const string SafetyPrefix = "safety-";

    /// <inheritdoc cref="SafetyPrefix"/>
    private const string DependencyPrefix = "dependencies-";

    /// <inheritdoc cref="SafetyPrefix"/>
    private const string FeaturePrefix = "feature-";

    private const int MaxNamedManifests = 20;

    /// <summary>The counter of the newest snapshot whose functions were measured.</summary>
    private const string MeasuredUpTo = "quality.upto";

    /// <summary>So many snapshots are measured at once; what is older than that many, when nobody measured for long, is left out.</summary>
    private const int MeasuredAtOnce = 200;

    /// <summary>What the policies decided, the newest first; no more than <paramref name="count"/> and the 10,000 that are kept.</summary>
    public IReadOnlyList<Decision> Decisions(int count = 100) => _store.NewestDecisions(count);

    /// <summary>A decision by its number; null if there is none, or no more.</summary>
    public Decision? FindDecision(long id) => _store.FindDecision(id);

    /// <summary>
    /// Measures the functions that snapshots changed since this was done last, and records what the policies say of them. Without
    /// policies it does nothing.
    /// </summary>
    /// <param name="cancellationToken">Ends it between two files; what was not measured is measured the next time.</param>
    /// <returns>The decisions; most often none.</returns>
    public Task<IReadOnlyList<Decision>> MeasureQualityAsync(CancellationToken cancellationToken = default) =>
        Task.Run<IReadOnlyList<Decision>>(() => MeasureQuality(isChecked: false, cancellationToken), cancellationToken);

    /// <param name="isChecked">True: a check judges the functions itself, and only checkpoints are of interest here.</param>
    /// <param name="cancellationToken">Ends it between two files.</param>
    private List<Decision> MeasureQuality(bool isChecked, CancellationToken cancellationToken)
    {
        var newest = _store.NewestNumber();
        if (_options.Policies is not { } policies || newest == 0)
        {
            return [];
        }

        var decisions = new List<Decision>();
        var engine = new SnapshotDecisionEngine(policies with { Rollback = isChecked ? policies.Rollback.Off() : policies.Rollback.Suggesting() });
        for (var number = Math.Max(_store.Counter(MeasuredUpTo), newest - MeasuredAtOnce) + 1; number <= newest; number++)
        {
            if (_store.Find(new SnapshotNumber(number)) is { Parent: { } before } snapshot && IsJudged(snapshot.Kind)
                && QualityAnalyzer.Compare(snapshot.Changes, _store.Contents, cancellationToken) is { Count: > 0 } functions)
            {
                var signals = new FunctionSignals { Snapshot = snapshot.Number, Before = before, Functions = functions };
                decisions.AddRange(engine.Decide(signals).Select(decision => Record(decision with { Outcome = DecisionOutcome.Suggested })));
            }

            _store.RaiseCounter(MeasuredUpTo, number);
        }

        return decisions;
    }

    /// <summary>
    /// Decides whether the state before a snapshot gets a name, and gives it. A capture is there already when this is asked, so
    /// nothing that goes wrong here is the capture's.
    /// </summary>
    private void Judge(Snapshot snapshot)
    {
        if (_options.Policies is not { } policies || snapshot.Parent is not { } before || !IsJudged(snapshot.Kind) || snapshot.Tool == CheckTool)
        {
            return;
        }

        try
        {
            var signals = SignalsOf(snapshot, before, policies.Checkpoints);
            if (signals is null)
            {
                return;
            }

            foreach (var decision in new SnapshotDecisionEngine(policies).Decide(signals))
            {
                NameStateBefore(snapshot, decision);
            }
        }
        catch (SavepointException)
        {
            // A full disk, say: the snapshot is recorded, and its state before it is too, by number if not by name.
        }
    }

    private static bool IsJudged(SnapshotKind kind) => kind is SnapshotKind.Operation or SnapshotKind.Drift or SnapshotKind.Merge;

    /// <summary>What a checkpoint could be decided from; null, at the cost of a look at each path, if there is nothing to decide.</summary>
    private CaptureSignals? SignalsOf(Snapshot snapshot, SnapshotNumber before, CheckpointPolicy policy)
    {
        var (files, moves) = (0, 0);
        List<string>? manifests = null;
        foreach (var change in snapshot.Changes)
        {
            if (change.Before.ContentId is null && change.After.ContentId is null)
            {
                continue;
            }

            files++;
            moves += change.OldPath is null ? 0 : 1;
            if (manifests is not { Count: MaxNamedManifests } && (DependencyManifests.Contains(change.Path) || (change.OldPath is { } old && DependencyManifests.Contains(old))))
            {
                (manifests ??= []).Add(change.Path.ToString());
            }
        }

        if (manifests is null && files < Math.Min(policy.LargeScaleFiles, policy.LargeScaleShareFiles))
        {
            return null;
        }

        var isCounted = files >= policy.LargeScaleShareFiles && files < policy.LargeScaleFiles;
        return new CaptureSignals
        {
            Snapshot = snapshot.Number,
            Before = before,
            ChangedFiles = files,
            MovedFiles = moves,

            // More files than this, and what was changed is not the share.
            TreeFiles = isCounted ? _store.CountFiles(Branch, (long)(policy.LargeScaleFiles / policy.LargeScaleShare) + 1) : null,
            Manifests = manifests ?? [],
            UnverifiedDependencies = manifests is null ? null : _store.FindLabel(Retention.UntilVerification, DependencyPrefix)?.Name,
        };
    }

    private void NameStateBefore(Snapshot snapshot, Decision decision)
    {
        if (decision.Mode != PolicyMode.Act)
        {
            Record(decision with { Outcome = DecisionOutcome.Suggested });
            return;
        }

        var prefix = decision.Rule == PolicyRule.MajorRefactor ? SafetyPrefix : DependencyPrefix;
        var label = new Label($"{prefix}{decision.Target}", decision.Target!.Value, LabelKind.Checkpoint, decision.Retention!.Value, _options.Time.GetUtcNow(), decision.Retention == Retention.Session ? snapshot.Actor.Session : null);
        Record(decision with { Outcome = DecisionOutcome.Done, Result = label.Name }, label);
    }

    private Decision Record(Decision decision, Label? label = null) => _store.Decide(decision with { Time = _options.Time.GetUtcNow() }, label);
}
