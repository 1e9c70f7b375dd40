using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>
/// Frees the snapshots of deleted branches that nothing leads to: no label, no other branch that began there, no merge. A number is never
/// given again, so a branch with the newest of all stays until there is a newer one. Inside a write of the database, with the whole store held.
/// </summary>
internal sealed class DeletedBranches(StoreDatabase database)
{
    private const string OfBranch = "IN (SELECT number FROM snapshots WHERE branch = $1)";

    /// <summary>Whether there are any, to be freed or not. Inside a read.</summary>
    public bool Any() => Find().Count > 0;

    /// <summary>Frees what may be freed; how many snapshots.</summary>
    public int Free()
    {
        // The newest first, since one may have begun in another.
        var freed = 0;
        foreach (var branch in Find())
        {
            if (!IsHeld(branch))
            {
                freed += Delete(branch);
            }
        }

        return freed;
    }

    private List<long> Find()
    {
        var branches = new List<long>();
        using var row = database.Prepare("SELECT id FROM branches WHERE id > 1 AND id NOT IN (SELECT branch FROM working_copies) ORDER BY id DESC").Query();
        while (row.Read())
        {
            branches.Add(row.GetInt64(0));
        }

        return branches;
    }

    /// <summary>Those that nothing leads to but merges, if anything: they go with these. Inside a read.</summary>
    public HashSet<long> OnlyMerged() => [.. Find().Where(branch => !IsHeld(branch, (int)SnapshotKind.Merge))];

    /// <param name="branch">Which.</param>
    /// <param name="butBy">A kind of snapshots that hold nothing; −1 if all do.</param>
    private bool IsHeld(long branch, long butBy = -1) => database.Prepare($"""
        SELECT EXISTS (SELECT 1 FROM labels WHERE snapshot {OfBranch}) OR EXISTS (SELECT 1 FROM branches WHERE fork {OfBranch})
            OR EXISTS (SELECT 1 FROM snapshots WHERE branch <> $1 AND target {OfBranch} AND kind <> $2) OR EXISTS (SELECT 1 FROM restores WHERE target {OfBranch})
            OR (SELECT max(number) FROM snapshots) {OfBranch}
        """).Scalar(branch, butBy) != 0;

    private int Delete(long branch)
    {
        foreach (var table in (string[])["merged WHERE last", "merges WHERE last", "verifications WHERE snapshot"])
        {
            database.Prepare($"DELETE FROM {table} {OfBranch}").Execute(branch);
        }

        foreach (var table in (string[])["changes", "tree", "compactions"])
        {
            database.Prepare($"DELETE FROM {table} WHERE branch = $1").Execute(branch);
        }

        var count = database.Prepare("DELETE FROM snapshots WHERE branch = $1").Execute(branch);
        database.Prepare("DELETE FROM branches WHERE id = $1").Execute(branch);
        return count;
    }
}
