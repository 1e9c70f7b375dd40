using Savepoint.Bench.Decisions;
using Savepoint.Model;
using Savepoint.Policies;
using Xunit;

namespace Savepoint.Tests.Policies;

/// <summary>The replay of seeded faults (bench/decisions) at a size for every run, by shell scripts that any machine with a shell checks.</summary>
public sealed class DecisionsReplayTests
{
    private const int Seed = 4711;

    [Fact]
    public async Task Faults_are_remarked_harmless_changes_are_not_and_every_rollback_is_exact()
    {
        var outcomes = await DecisionsReplay.PlayAsync(scratch => DecisionsReplay.Generated(scratch, Seed, isShell: true), faults: 3, harmless: 12);

        var faults = outcomes.Where(outcome => outcome.Step.Kind != ReplayKind.Harmless).ToList();
        Assert.Equal(12, faults.Count);
        Assert.All(faults, fault => Assert.True(fault.IsRemarked, $"{fault.Step.Name}: {fault.Decision.Reason} (seed {Seed})"));
        Assert.All(outcomes.Except(faults), harmless => Assert.False(harmless.IsRemarked, $"{harmless.Step.Name}: {harmless.Decision.Reason} (seed {Seed})"));
        Assert.Equal(9, outcomes.Count(outcome => PolicyAction.IsRollback(outcome.Decision.Action)));
        Assert.All(outcomes.Where(outcome => outcome.IsExact is not null), outcome => Assert.True(outcome.IsExact, outcome.Step.Name));
        Assert.Contains(outcomes, outcome => outcome is { IsExact: true, Decision.Outcome: DecisionOutcome.Done });
    }
}
