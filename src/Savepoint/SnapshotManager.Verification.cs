using Savepoint.Model;

namespace Savepoint;

/// <content>What is known of states: whether they build, how their tests end, what was measured.</content>
public sealed partial class SnapshotManager
{
    /// <summary>The newest state on this branch whose newest verification passed; null if there is none.</summary>
    public Verification? LastVerified => Head is { } head ? _store.Verifications.NewestPassed(head) : null;

    /// <summary>All that was found out about a state, the newest first.</summary>
    /// <param name="snapshot">The state.</param>
    public IReadOnlyList<Verification> Verifications(SnapshotNumber snapshot) => _store.Verifications.Of(snapshot);

    /// <summary>Records what checks found out about a state. It is in the store when this ends.</summary>
    /// <param name="snapshot">The state that was checked.</param>
    /// <param name="build">Whether it builds.</param>
    /// <param name="tests">How its tests ended; null if none were counted.</param>
    /// <param name="figures">What was measured; null if nothing was.</param>
    /// <param name="cancellationToken">Keeps it from beginning.</param>
    /// <exception cref="ArgumentException">A count is negative, a figure has no name or is not finite.</exception>
    /// <exception cref="SavepointException">There is no such snapshot.</exception>
    public Task<Verification> RecordVerificationAsync(
        SnapshotNumber snapshot, BuildResult build, TestCounts? tests = null, IReadOnlyList<Figure>? figures = null, CancellationToken cancellationToken = default)
    {
        if (tests is { Passed: < 0 } or { Failed: < 0 } or { Skipped: < 0 })
        {
            throw new ArgumentException("A number of tests must not be negative.", nameof(tests));
        }

        if (figures?.FirstOrDefault(figure => string.IsNullOrEmpty(figure.Name) || !double.IsFinite(figure.Value)) is { } wrong)
        {
            throw new ArgumentException($"The figure '{wrong.Name}' needs a name and a finite value.", nameof(figures));
        }

        return Task.Run(() => Record(new Verification(0, snapshot, _options.Time.GetUtcNow(), build, tests, [.. figures ?? []])), cancellationToken);
    }

    private Verification Record(Verification draft)
    {
        _ = _store.FindHeader(draft.Snapshot) ?? throw RevisionResolver.Unknown($"snapshot {draft.Snapshot}", $"The newest is {Head}.");
        var verification = _store.Verifications.Append(draft);
        _store.Split(draft.Snapshot);
        return verification;
    }
}
