namespace Savepoint.Compaction;

/// <summary>
/// The seed's add-delete cycles: a line added and deleted again, a file made and removed, or anything else after which the
/// tree is what it was. The shortest cycle that begins at a snapshot is taken.
/// </summary>
internal static class AddDeleteCycles
{
    private const int MaxLength = 32; // snapshots; a longer detour is history that somebody may want to see

    public static List<Stretch> Merge(List<Stretch> stretches)
    {
        var merged = new List<Stretch>();
        for (var i = 0; i < stretches.Count;)
        {
            var (cycle, length) = FindCycle(stretches, i);
            merged.Add(cycle);
            i += length;
        }

        return merged;
    }

    private static (Stretch Cycle, int Length) FindCycle(List<Stretch> stretches, int start)
    {
        var whole = stretches[start];
        for (var length = 2; length <= MaxLength && start + length <= stretches.Count; length++)
        {
            whole = whole.With(stretches[start + length - 1], MergeRule.AddDeleteCycle);
            if (whole.Net.Count == 0)
            {
                return (whole, length);
            }
        }

        return (stretches[start], 1);
    }
}
