namespace Savepoint.Model;

/// <summary>A snapshot since the last good state that may have broken it.</summary>
/// <param name="Snapshot">Which.</param>
/// <param name="Actor">Who made it.</param>
/// <param name="Paths">What it changed that has to do with the failure, or, if nothing clearly has, all it changed (no more than 20).</param>
/// <param name="Why">Why it is suspected, in words.</param>
public sealed record Suspect(SnapshotNumber Snapshot, Actor Actor, IReadOnlyList<string> Paths, string Why);

/// <summary>What is known of a failure: what fails, and what may have made it fail.</summary>
/// <param name="Failing">The errors, or the tests newly failing against the baseline, by name.</param>
/// <param name="Suspects">Snapshots since the last good state, the likeliest first.</param>
/// <param name="FirstBad">The first bad snapshot, where it was searched for; null if it was not.</param>
/// <param name="Text">All of it in sentences that an agent can act on.</param>
public sealed record FailureAnalysis(IReadOnlyList<string> Failing, IReadOnlyList<Suspect> Suspects, SnapshotNumber? FirstBad, string Text);
