namespace Savepoint.Model;

/// <summary>What a repair found and did.</summary>
/// <param name="Problems">What was wrong before, a line each; empty: nothing was, and nothing was done.</param>
/// <param name="Recovered">What was damaged and is whole again, a line for each kind of it.</param>
/// <param name="Lost">What cannot be had again, a line each, naming the snapshots and paths that it costs. What no line names is as it was recorded.</param>
/// <param name="SnapshotCount">How many snapshots the repaired store holds.</param>
/// <param name="ContentCount">How many contents it holds.</param>
/// <param name="KeptIn">The folder where the damaged files are now; null if nothing was written.</param>
public sealed record RepairResult(
    IReadOnlyList<string> Problems, IReadOnlyList<string> Recovered, IReadOnlyList<string> Lost, long SnapshotCount, long ContentCount, string? KeptIn)
{
    /// <summary>Whether there was nothing to repair.</summary>
    public bool WasSound => Problems.Count == 0;
}
