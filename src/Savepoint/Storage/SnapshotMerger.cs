using Savepoint.Compaction;
using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>
/// Carries merges out: of several snapshots only the last stays, with what they changed together. Inside a write of the
/// database, so that a merge is done or not.
/// </summary>
/// <remarks>
/// The state after the last is what it was, and so is every state outside of the merge: a later change follows the same state as
/// before, if from another row.
/// </remarks>
internal sealed class SnapshotMerger(StoreDatabase database, SnapshotReader reader, MergeTable merges)
{
    private readonly bool _hasOtherBranches = database.Prepare("SELECT count(*) FROM branches").Scalar() > 1;

    /// <summary>Has the history show several snapshots as one; all of them stay. False if it is no more what the merge was decided from.</summary>
    public bool Show(Merge merge)
    {
        if (merges.IsShown(merge) || Members(merge, isDecided: false) is not { } members)
        {
            return false;
        }

        members.RemoveAt(members.Count - 1);
        merges.Add(merge, members, isFreed: false);
        return true;
    }

    /// <summary>Has only the last of several snapshots stay. False if the history is no more what the merge was decided from.</summary>
    public bool Free(Merge merge) => Free(merge, isDecided: false);

    /// <summary>As <see cref="Free(Merge)"/>, for a merge that was decided in this very transaction: what leads back to its members goes with them.</summary>
    public bool FreeDecided(Merge merge) => Free(merge, isDecided: true);

    private bool Free(Merge merge, bool isDecided)
    {
        if (Members(merge, isDecided) is not { } members)
        {
            return false;
        }

        var (first, last) = (merge.First.Value, merge.Last.Value);
        var branch = BranchOf(last);
        new SkippedEntries(database).HandOn(branch, first, last);
        var rows = members.SelectMany(Rows).ToLookup(row => row.Path);
        Execute("DELETE FROM changes WHERE snapshot = $1", members);
        foreach (var path in rows)
        {
            Replace(branch, path.Key, first, last, [.. path]);
        }

        SetMoves(merge, last);
        var parent = database.Prepare("SELECT parent FROM snapshots WHERE number = $1").Scalar(first);
        members.RemoveAt(members.Count - 1);
        merges.Add(merge, members, isFreed: true);

        Execute("DELETE FROM snapshots WHERE number = $1", members);
        Execute("DELETE FROM verifications WHERE snapshot = $1", members);
        database.Prepare("UPDATE snapshots SET parent = $2, operations = $3 WHERE number = $1").Execute(last, parent, (long)merge.OperationCount);
        if (parent is null)
        {
            // It begins the history now, and there is nothing before it that it could have led back to.
            database.Prepare("UPDATE snapshots SET kind = $2, target = NULL, redoable = 0 WHERE number = $1").Execute(last, (long)SnapshotKind.Baseline);
        }

        database.Prepare("UPDATE snapshots SET hash = $2 WHERE number = $1").Execute(last, SnapshotHash.Compute(reader.Find(last)!));
        return true;
    }

    private long BranchOf(long snapshot) => database.Prepare("SELECT branch FROM snapshots WHERE number = $1").Scalar(snapshot) ?? 0;

    /// <summary>The snapshots that a merge is about, the oldest first; null if one is gone, or one's own state has come to be wanted.</summary>
    private List<long>? Members(Merge merge, bool isDecided)
    {
        var (first, last) = (merge.First.Value, merge.Last.Value);
        var members = new List<long>();
        using (var row = database.Prepare("SELECT number FROM snapshots WHERE number BETWEEN $1 AND $2 AND branch = $3 ORDER BY number").Query(first, last, BranchOf(last)))
        {
            while (row.Read())
            {
                members.Add(row.GetInt64(0));
            }
        }

        return members.Count < 2 || members[0] != first || members[^1] != last || (!isDecided && merges.Kept(first, last - 1).Count > 0) ? null : members;
    }

    private List<ChangeRow> Rows(long snapshot)
    {
        var rows = new List<ChangeRow>();
        using var row = database.Prepare("SELECT path, previous, state, content FROM changes WHERE snapshot = $1").Query(snapshot);
        while (row.Read())
        {
            rows.Add(new ChangeRow(row.GetInt64(0), row.GetInt64(1), new RecordedState(row.GetInt64(2), row.Int64OrNull(3))));
        }

        return rows;
    }

    /// <summary>Puts one row, or none if all of it came to nothing, in the place of a path's rows, and has those follow it that followed them.</summary>
    private void Replace(long branch, long path, long first, long last, List<ChangeRow> rows)
    {
        var previous = rows[0].Previous;
        var isChanged = StateAt(path, previous) != rows[^1].State;
        if (isChanged)
        {
            database.Prepare("INSERT INTO changes (path, branch, snapshot, previous, state, content) VALUES ($1, $2, $3, $4, $5, $6)")
                .Execute(path, branch, last, previous, rows[^1].State.State, rows[^1].State.Content);
        }

        database.Prepare("""
            UPDATE changes SET previous = $5 WHERE path = $1 AND branch = $2 AND previous BETWEEN $3 AND $4
            AND snapshot = (SELECT min(snapshot) FROM changes WHERE path = $1 AND branch = $2 AND snapshot > $4)
            """).Execute(path, branch, first, last, isChanged ? last : previous);
        if (_hasOtherBranches)
        {
            database.Prepare("UPDATE changes SET previous = $5 WHERE path = $1 AND branch <> $2 AND previous BETWEEN $3 AND $4 AND previous IN (SELECT number FROM snapshots WHERE branch = $2 AND number BETWEEN $3 AND $4)")
                .Execute(path, branch, first, last, isChanged ? last : previous);
        }

        var newest = database.Prepare("SELECT max(snapshot) FROM changes WHERE path = $1 AND branch = $2").Scalar(path, branch);
        if (newest is null)
        {
            database.Prepare("DELETE FROM tree WHERE branch = $1 AND path = $2").Execute(branch, path);
        }
        else
        {
            database.Prepare("UPDATE tree SET changed = $3 WHERE branch = $1 AND path = $2").Execute(branch, path, newest);
        }
    }

    private RecordedState StateAt(long path, long snapshot)
    {
        using var row = database.Prepare("SELECT c.state, c.content FROM snapshots s JOIN changes c ON c.path = $1 AND c.branch = s.branch AND c.snapshot = s.number WHERE s.number = $2").Query(path, snapshot);
        return row.Read() ? new RecordedState(row.GetInt64(0), row.Int64OrNull(1)) : new RecordedState(StateCode.Absent, null);
    }

    private void SetMoves(Merge merge, long last)
    {
        foreach (var move in merge.Changes.Where(change => change.OldPath is not null))
        {
            Link(move.Path, move.OldPath!.Value, last);
            Link(move.OldPath.Value, move.Path, last);
        }
    }

    private void Link(WorkspacePath path, WorkspacePath other, long snapshot) => database
        .Prepare("UPDATE changes SET moved = (SELECT id FROM paths WHERE path = $2) WHERE path = (SELECT id FROM paths WHERE path = $1) AND snapshot = $3")
        .Execute(path.Bytes.ToArray(), other.Bytes.ToArray(), snapshot);

    private void Execute(string sql, IEnumerable<long> numbers)
    {
        foreach (var number in numbers)
        {
            database.Prepare(sql).Execute(number);
        }
    }

    private readonly record struct RecordedState(long State, long? Content);

    private readonly record struct ChangeRow(long Path, long Previous, RecordedState State);
}
