namespace Savepoint.Model;

/// <summary>What a verification found.</summary>
/// <param name="SnapshotCount">Snapshots checked.</param>
/// <param name="ContentCount">Contents checked.</param>
/// <param name="Problems">A line for each record that does not hold what its hash says, naming the snapshots and paths it costs. Empty: all is well.</param>
public sealed record StoreDamage(long SnapshotCount, long ContentCount, IReadOnlyList<string> Problems)
{
    /// <summary>The snapshots that are gone altogether, and which no repair has listed yet; each is one of the problems.</summary>
    public IReadOnlyList<LostRange> Lost { get; init; } = [];

    /// <summary>Whether everything holds what its hash says.</summary>
    public bool IsClean => Problems.Count == 0;
}
