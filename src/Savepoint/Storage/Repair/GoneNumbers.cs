namespace Savepoint.Storage.Repair;

/// <summary>
/// The numbers below the greatest that nothing is left of. Those of a branch that was freed are gone as well, and not lost. What tells them
/// apart: nothing leads to what was freed, and something does to what was lost, its branch's end if nothing else. Made before branches' ends are derived anew.
/// </summary>
/// <param name="database">Has the salvaged rows.</param>
/// <param name="isWhole">Whether all that leads to snapshots could be read. If not, any of them may be lost.</param>
internal sealed class GoneNumbers(StoreDatabase database, bool isWhole)
{
    private readonly List<long> _ends = database.Read(() => database.Prepare("SELECT head FROM branches WHERE head IS NOT NULL").Numbers());

    /// <summary>A line for each range of lost ones. Inside a read.</summary>
    public IEnumerable<string> Lost()
    {
        var named = Named();
        long before = 0;
        foreach (var (first, last) in Known())
        {
            var gone = first > before + 1 && (!isWhole || named.GetViewBetween(before + 1, first - 1).Count > 0);
            if (gone)
            {
                yield return first == before + 2 ? $"snapshot {before + 1}: nothing is left of its record" : $"snapshots {before + 1} to {first - 1}: nothing is left of their records";
            }

            before = last;
        }
    }

    /// <summary>The numbers that something leads to.</summary>
    private SortedSet<long> Named() => [.. _ends, .. database.Prepare("""
        SELECT parent FROM snapshots WHERE parent IS NOT NULL UNION SELECT target FROM snapshots WHERE target IS NOT NULL UNION SELECT fork FROM branches WHERE fork IS NOT NULL
        UNION SELECT snapshot FROM labels UNION SELECT snapshot FROM verifications UNION SELECT last FROM merges UNION SELECT target FROM restores WHERE target IS NOT NULL
        """).Numbers()];

    /// <summary>The numbers of which something is known, be it that they are lost: ranges that do not overlap, the smallest first.</summary>
    private List<(long First, long Last)> Known()
    {
        var known = new List<(long First, long Last)>();
        using var row = database.Prepare("SELECT number, number FROM snapshots UNION SELECT number, number FROM merged UNION SELECT snapshot, snapshot FROM changes UNION SELECT first, last FROM lost ORDER BY 1").Query();
        while (row.Read())
        {
            known.Add((row.GetInt64(0), row.GetInt64(1)));
        }

        return known;
    }
}
