using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>
/// Appends snapshots. Each changed path is compared with what the head holds inside the transaction, so that two
/// processes that saw the same change make one snapshot, and one that worked from an older head is told so.
/// </summary>
internal sealed class SnapshotWriter(StoreDatabase database, PathTable paths, StateTable states)
{
    /// <summary>Appends <paramref name="draft"/> to its branch. Inside a write of the database.</summary>
    /// <returns>The numbered snapshot, holding the changes that were not recorded yet; or null if none was left and nothing else makes it worth a number.</returns>
    /// <exception cref="HeadMovedException">A path's before-state is no longer what the head holds.</exception>
    /// <param name="draft">The snapshot, without number and parent.</param>
    /// <param name="rowOf">Finds the row of a content, if the caller knows a shorter way than the database's.</param>
    /// <param name="needsChange">Whether it is worth a number only for what it changes.</param>
    public Snapshot? Append(Snapshot draft, Func<ContentId, long?>? rowOf = null, bool needsChange = false)
    {
        var branch = database.Prepare("SELECT id FROM branches WHERE name = $1").Scalar(draft.Branch)
            ?? throw new InvalidOperationException($"There is no branch '{draft.Branch}'.");
        var head = BranchHead(branch);
        var lineage = head is null ? null : Lineage.Of(database, head.Value);
        var rows = ChangedRows(draft, lineage);
        var changes = draft.Changes.Where(change => rows.ContainsKey(change.Path)).OrderBy(change => change.Path).ToList();
        if (changes.Count == 0 && (needsChange || !IsWorthANumber(draft, isFirst: head is null)))
        {
            return null;
        }

        var number = LostNumbers.Newest(database) + 1;
        var snapshot = draft with
        {
            Number = new SnapshotNumber(number),
            Parent = head is null ? null : new SnapshotNumber(head.Value),
            Changes = changes,
            Time = SnapshotTime.FromMicroseconds(SnapshotTime.ToMicroseconds(draft.Time)),
            Elapsed = draft.Clock?.Elapsed,
            Clock = null,
            Duration = draft.Duration is { } duration ? TimeSpan.FromMicroseconds(Math.Floor(duration.TotalMicroseconds)) : null,
        };
        Insert(database, snapshot, branch);
        InsertChanges(snapshot, branch, rows, rowOf ?? (id => ContentRows.Find(database, id)));
        database.Prepare("UPDATE branches SET head = $1 WHERE id = $2").Execute(number, branch);
        return snapshot;
    }

    private long? BranchHead(long branch) =>
        database.Prepare("SELECT coalesce(head, fork) FROM branches WHERE id = $1").Scalar(branch);

    // A restore, and a command that ran, are events of the history even if the tree stayed as it was. Of two processes
    // that begin to track at once, one records the baseline.
    private static bool IsWorthANumber(Snapshot draft, bool isFirst) =>
        draft.Kind is SnapshotKind.Undo or SnapshotKind.Redo or SnapshotKind.Rollback or SnapshotKind.Revert or SnapshotKind.Merge || draft.ExitCode is not null || (draft.Kind == SnapshotKind.Baseline && isFirst);

    /// <summary>The rows to write: for each path its id and the snapshot that changed it before. What the head has already is left out.</summary>
    private Dictionary<WorkspacePath, ChangedRow> ChangedRows(Snapshot draft, Lineage? lineage)
    {
        var rows = new Dictionary<WorkspacePath, ChangedRow>();
        foreach (var change in draft.Changes)
        {
            var perPath = change.PerPath().Select(c => (Change: c, Id: paths.FindOrAdd(c.Path))).ToList();
            var recorded = perPath.ConvertAll(c => lineage is null ? (State: FileState.None, Changed: 0L) : states.At(lineage, c.Id));
            if (perPath.Zip(recorded).All(pair => pair.First.Change.After == pair.Second.State))
            {
                continue; // another process recorded it first
            }

            for (var i = 0; i < perPath.Count; i++)
            {
                if (perPath[i].Change.Before != recorded[i].State)
                {
                    throw new HeadMovedException();
                }

                var other = change.OldPath is null ? (long?)null : perPath[1 - i].Id;
                rows[perPath[i].Change.Path] = new ChangedRow(perPath[i].Id, recorded[i].Changed, perPath[i].Change.After, other);
            }
        }

        return rows;
    }

    /// <summary>Writes a snapshot's own row, with its hash; its changes are rows of their own. Inside a write of the database.</summary>
    public static void Insert(StoreDatabase database, Snapshot s, long branch)
    {
        database.Prepare("""
            INSERT INTO snapshots (number, parent, branch, kind, time, actor, tool_call, tool, message, operations, target,
                redoable, exit_code, duration, git, complete, scanned, skipped, hash, elapsed)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
            """).Execute(
            s.Number.Value, s.Parent?.Value, branch, (long)s.Kind, SnapshotTime.ToMicroseconds(s.Time), NameRows.Actor(database, s.Actor),
            s.Actor.ToolCall, s.Tool, s.Message, (long)s.OperationCount, s.Target?.Value, (long)s.RedoCount, (long?)s.ExitCode,
            SnapshotTime.ToMicroseconds(s.Duration), NameRows.Git(database, s.Git), s.Coverage.IsComplete ? 1L : 0L,
            s.Coverage.ScannedCount, SkippedCode.Pack(s.Coverage.Skipped), SnapshotHash.Compute(s), SnapshotTime.ToMicroseconds(s.Elapsed));
        new SkippedEntries(database).Count(s.Coverage);
    }

    private void InsertChanges(Snapshot snapshot, long branch, Dictionary<WorkspacePath, ChangedRow> rows, Func<ContentId, long?> rowOf)
    {
        var number = snapshot.Number.Value;
        foreach (var row in rows.Values)
        {
            var content = row.After.ContentId is { } id ? rowOf(id) : null;
            if (row.After.ContentId is not null && content is null)
            {
                throw new InvalidOperationException($"Content {row.After.ContentId} was not added before the snapshot that names it.");
            }

            database.Prepare("INSERT INTO changes (path, branch, snapshot, previous, state, content, moved) VALUES ($1, $2, $3, $4, $5, $6, $7)")
                .Execute(row.Path, branch, number, row.Previous, StateCode.Pack(row.After), content, row.Moved);
            database.Prepare("INSERT INTO tree (branch, path, changed) VALUES ($1, $2, $3) ON CONFLICT DO UPDATE SET changed = excluded.changed")
                .Execute(branch, row.Path, number);
        }
    }

    private readonly record struct ChangedRow(long Path, long Previous, FileState After, long? Moved);
}

/// <summary>The head moved between computing a capture and committing it: compute it again.</summary>
internal sealed class HeadMovedException() : Exception("Another process recorded changes to the same paths.");
