using Savepoint.Model;
using Savepoint.Storage.Milestones;

namespace Savepoint.Storage.Repair;

/// <summary>
/// Makes a history of salvaged rows: what archives have of it takes the place of records that are gone or wrong, what is
/// derived is derived anew, and what leads nowhere leads to what is left.
/// </summary>
/// <param name="database">Has the salvaged rows.</param>
/// <param name="reader">Reads records of it.</param>
/// <param name="archives">Have some of the history as well.</param>
/// <param name="contents">Finds the contents that archived records name.</param>
/// <param name="branches">Knows which branch what belongs to.</param>
/// <param name="torn">The tables of which something could not be read; null where nothing could.</param>
/// <param name="now">For the record.</param>
internal sealed class HistoryRescue(
    StoreDatabase database, SnapshotReader reader, MilestoneStore archives, ContentRescue contents, BranchRescue branches, IReadOnlyCollection<string>? torn, DateTimeOffset now)
{
    private const string LostRecord = "the record of this snapshot was lost; what it changed was recovered";

    /// <summary>A row of <c>lost</c> with more numbers is not what was written: there is no hash to tell.</summary>
    private const int MaxLost = 1_000_000;

    private readonly GoneNumbers _gone = new(database, isWhole: torn is not null && !torn.Contains("snapshots") && !torn.Contains("branches"));
    private readonly bool _knowsWhatIsNot = torn is not null && !torn.Contains("lost") && !torn.Contains("merged");
    private readonly SortedSet<long> _passedBy = [];

    /// <summary>How many snapshots were gone or wrong and came back from an archive.</summary>
    public int RecoveredCount { get; private set; }

    /// <summary>What cannot be had again and no verification could name, since nothing of it is left: a line each.</summary>
    public List<string> Lost { get; } = [];

    public void Run()
    {
        database.Write(branches.GiveBranches);
        database.Write(MendChanges);
        database.Write(Derive);
        TakeFromArchives();
        database.Write(() =>
        {
            MendChanges();
            NameGone();
            MakeRecords();
            Derive();
            Reconnect();
            DropWhatLeadsNowhere();
            DropEmptyContents();
            SkippedEntries.Recount(database);
        });
    }

    private void MendChanges()
    {
        database.Prepare("DELETE FROM changes WHERE path NOT IN (SELECT id FROM paths) OR state NOT BETWEEN 0 AND 16383 OR state BETWEEN 1 AND 4095").Execute();
        database.Prepare("UPDATE changes SET content = NULL WHERE content IS NOT NULL AND state >> 12 NOT IN (1, 2)").Execute();
        database.Prepare("UPDATE changes SET moved = NULL WHERE moved IS NOT NULL AND NOT EXISTS (SELECT 1 FROM changes o WHERE o.path = changes.moved AND o.snapshot = changes.snapshot AND o.moved = changes.path)").Execute();

        // A content of which not even the name is left: one without bytes stands for it, so that a verification says which paths it costs.
        if (database.Prepare("SELECT 1 FROM changes WHERE state >> 12 IN (1, 2) AND (content IS NULL OR content NOT IN (SELECT id FROM contents)) LIMIT 1").Scalar() is not null)
        {
            var unknown = UnknownContent.Id.ToBytes();
            database.Prepare("INSERT INTO contents (hash, size, method, position, data) SELECT $1, 1, 0, 0, x'' WHERE NOT EXISTS (SELECT 1 FROM contents WHERE hash = $1)").Execute(unknown);
            database.Prepare("UPDATE changes SET content = (SELECT id FROM contents WHERE hash = $1) WHERE state >> 12 IN (1, 2) AND (content IS NULL OR content NOT IN (SELECT id FROM contents))").Execute(unknown);
        }
    }

    /// <summary>Which row each row follows, where each path stands, where each branch ends.</summary>
    private void Derive()
    {
        database.Prepare("""
            UPDATE changes SET previous = coalesce((SELECT max(q.snapshot) FROM changes q WHERE q.path = changes.path AND q.branch = changes.branch AND q.snapshot < changes.snapshot), 0)
            """).Execute();
        foreach (var branch in Numbers("SELECT id FROM branches WHERE fork IS NOT NULL ORDER BY id"))
        {
            FollowFork(branch);
        }

        database.Prepare("DELETE FROM tree").Execute();
        database.Prepare("INSERT INTO tree (branch, path, changed) SELECT branch, path, max(snapshot) FROM changes GROUP BY branch, path").Execute();
        database.Prepare("UPDATE branches SET head = (SELECT max(number) FROM snapshots s WHERE s.branch = branches.id)").Execute();
    }

    private void FollowFork(long branch)
    {
        var fork = database.Prepare("SELECT fork FROM branches WHERE id = $1").Scalar(branch) ?? 0;
        if (Lineage.Of(database, fork) is not { } lineage)
        {
            return;
        }

        foreach (var segment in lineage.Segments)
        {
            database.Prepare("""
                UPDATE changes SET previous = coalesce((SELECT max(q.snapshot) FROM changes q WHERE q.path = changes.path AND q.branch = $2 AND q.snapshot <= $3), 0)
                WHERE branch = $1 AND previous = 0
                """).Execute(branch, segment.Branch, segment.UpTo);
        }
    }

    private void TakeFromArchives()
    {
        foreach (var number in archives.Numbers())
        {
            foreach (var archived in Readable(number))
            {
                if (!IsFreed(archived.Number.Value) && !IsBypassed(archived.Number.Value) && !IsSound(archived.Number.Value) && !IsPassedBy(archived))
                {
                    Replace(archived);
                    RecoveredCount++;
                }
            }
        }
    }

    private List<Snapshot> Readable(SnapshotNumber number)
    {
        var snapshots = new List<Snapshot>();
        try
        {
            var archive = archives.Open(number);
            foreach (var archived in archive.History())
            {
                try
                {
                    snapshots.Add(archived.Resolve(archive.Contents));
                }
                catch (SavepointException)
                {
                    // A content of it is not known any more; the others are.
                }
            }
        }
        catch (Exception e) when (StoreVerifier.IsDamage(e))
        {
            // What was read before the damage is taken.
        }

        return snapshots;
    }

    private bool IsFreed(long number) => database.Read(() => database.Prepare("SELECT 1 FROM merged WHERE number = $1 AND freed = 1").Scalar(number)) is not null;

    /// <summary>Whether it was lost, and the history has gone on from what was before it: it would stand between two that follow each other.</summary>
    private bool IsBypassed(long number) =>
        database.Read(() => database.Prepare("SELECT 1 FROM lost WHERE $1 BETWEEN first AND last AND last < (SELECT max(number) FROM snapshots)").Scalar(number)) is not null;

    /// <summary>The same where the rows that say so are lost: a record that follows one before it on its branch, and is as it was written, tells.</summary>
    private bool IsPassedBy(Snapshot archived)
    {
        if (_knowsWhatIsNot || database.Read(() => database.Prepare("""
            SELECT s.number FROM snapshots s JOIN snapshots p ON p.number = s.parent AND p.branch = s.branch JOIN branches b ON b.id = s.branch
            WHERE b.name IN ($1, $1 || '@' || b.id) AND s.number > $2 AND p.number < $2 ORDER BY s.number LIMIT 1
            """).Scalar(archived.Branch, archived.Number.Value)) is not { } next || !IsSound(next))
        {
            return false;
        }

        _passedBy.Add(archived.Number.Value);
        return true;
    }

    private bool IsSound(long number)
    {
        try
        {
            return database.Read(() => reader.QueryWithHash("s.number = $1", number) is [var (snapshot, hash)] && SnapshotHash.Compute(snapshot).AsSpan().SequenceEqual(hash));
        }
        catch (Exception e) when (StoreVerifier.IsDamage(e))
        {
            return false;
        }
    }

    private void Replace(Snapshot snapshot)
    {
        var rows = snapshot.Changes.SelectMany(change => change.PerPath().Select(one => (one.Path, one.After, Other: change.OldPath is null ? (WorkspacePath?)null : one.Path == change.Path ? change.OldPath : change.Path)))
            .Select(row => (row, Content: row.After.ContentId is { } id ? contents.RowOf(id, StateCode.SizeBytes(row.After) ?? 0) : (long?)null)).ToList();
        database.Write(() =>
        {
            var (branch, name) = branches.Of(snapshot);
            var paths = new PathTable(database);
            database.Prepare("DELETE FROM changes WHERE snapshot = $1").Execute(snapshot.Number.Value);
            database.Prepare("DELETE FROM snapshots WHERE number = $1").Execute(snapshot.Number.Value);
            SnapshotWriter.Insert(database, snapshot with { Branch = name }, branch);
            foreach (var (row, content) in rows)
            {
                database.Prepare("INSERT OR REPLACE INTO changes (path, branch, snapshot, previous, state, content, moved) VALUES ($1, $2, $3, 0, $4, $5, $6)")
                    .Execute(paths.FindOrAdd(row.Path), branch, snapshot.Number.Value, StateCode.Pack(row.After), content, row.Other is { } other ? paths.FindOrAdd(other) : null);
            }
        });
    }

    /// <summary>What was known to be lost, and did not come back, is listed by itself.</summary>
    private void NameGone()
    {
        foreach (var number in _passedBy.Where(number => !_passedBy.Contains(number + 1)))
        {
            var first = number;
            while (_passedBy.Contains(first - 1))
            {
                first--;
            }

            database.Prepare("INSERT OR IGNORE INTO lost (last, first, time, listed) VALUES ($1, $2, $3, 0)").Execute(number, first, SnapshotTime.ToMicroseconds(now));
        }

        database.Prepare("DELETE FROM lost WHERE first < 1 OR last - first > $1").Execute((long)MaxLost);
        database.Prepare("UPDATE lost SET first = 1 + (SELECT max(number) FROM snapshots WHERE number BETWEEN first AND last) WHERE EXISTS (SELECT 1 FROM snapshots WHERE number BETWEEN first AND last)").Execute();
        database.Prepare("DELETE FROM lost WHERE first > last").Execute();
        Lost.AddRange(_gone.Lost());
    }

    private void MakeRecords()
    {
        foreach (var number in Numbers("SELECT DISTINCT snapshot FROM changes WHERE snapshot NOT IN (SELECT number FROM snapshots) ORDER BY snapshot"))
        {
            database.Prepare($"""
                INSERT INTO snapshots (number, parent, branch, kind, time, message, operations, redoable, complete, scanned, hash)
                SELECT $1, (SELECT max(number) FROM snapshots WHERE number < $1 AND branch = c.branch), c.branch, {(int)SnapshotKind.Operation},
                    coalesce((SELECT time FROM snapshots WHERE number < $1 ORDER BY number DESC LIMIT 1), (SELECT min(time) FROM snapshots), 0), $2, 1, 0, 1, 0, x''
                FROM changes c WHERE c.snapshot = $1 LIMIT 1
                """).Execute(number, LostRecord);
            _mended.Add(number);
            Lost.Add($"snapshot {number}: when, by whom and with what it was made");
        }
    }

    private readonly SortedSet<long> _mended = [];

    /// <summary>What follows, or leads back to, a snapshot that is gone, does so to what is left. The hash of a record that was sound covers that as well.</summary>
    private void Reconnect()
    {
        var torn = Numbers("""
            SELECT number FROM snapshots s WHERE (parent IS NULL AND EXISTS (SELECT 1 FROM snapshots o WHERE o.number < s.number AND o.branch = s.branch))
                OR (parent IS NOT NULL AND (parent NOT IN (SELECT number FROM snapshots) OR parent >= number))
                OR (target IS NOT NULL AND (target NOT IN (SELECT number FROM snapshots) OR target >= number)) ORDER BY number
            """);
        foreach (var number in torn)
        {
            if (IsSound(number))
            {
                _mended.Add(number);
            }

            database.Prepare("""
                UPDATE snapshots SET parent = coalesce((SELECT max(p.number) FROM snapshots p WHERE p.number < $1 AND p.branch = snapshots.branch), (SELECT fork FROM branches b WHERE b.id = snapshots.branch)),
                    target = CASE WHEN target IN (SELECT number FROM snapshots) AND target < number THEN target END WHERE number = $1
                """).Execute(number);
        }

        foreach (var number in _mended)
        {
            if (reader.Find(number) is { } snapshot)
            {
                database.Prepare("UPDATE snapshots SET hash = $2 WHERE number = $1").Execute(number, SnapshotHash.Compute(snapshot));
            }
        }
    }

    private void DropWhatLeadsNowhere()
    {
        using (var row = database.Prepare("SELECT name, snapshot FROM labels WHERE snapshot NOT IN (SELECT number FROM snapshots)").Query())
        {
            while (row.Read())
            {
                Lost.Add($"label {row.GetString(0)}: snapshot {row.GetInt64(1)}, which it names, is lost");
            }
        }

        database.Prepare("DELETE FROM labels WHERE snapshot NOT IN (SELECT number FROM snapshots)").Execute();
        database.Prepare("UPDATE branches SET fork = NULL WHERE id = 1").Execute();
        database.Prepare("UPDATE branches SET fork = coalesce((SELECT max(number) FROM snapshots WHERE branch = 1 AND number <= coalesce(branches.fork, number)), 1) WHERE id <> 1 AND (fork IS NULL OR fork NOT IN (SELECT number FROM snapshots))").Execute();
        database.Prepare("DELETE FROM merges WHERE first >= last OR last NOT IN (SELECT number FROM snapshots) OR (freed = 0 AND first NOT IN (SELECT number FROM snapshots))").Execute();
        database.Prepare("DELETE FROM merged WHERE NOT EXISTS (SELECT 1 FROM merges m WHERE m.last = merged.last AND m.freed = merged.freed) OR number >= last OR (freed <> 0) = (number IN (SELECT number FROM snapshots))").Execute();
        DropTornRestores();
        database.Prepare("DELETE FROM merges WHERE NOT EXISTS (SELECT 1 FROM merged n WHERE n.last = merges.last AND n.freed = merges.freed)").Execute();
        database.Prepare("UPDATE contents SET base = NULL, position = 0, method = 0, data = x'' WHERE (method IN (2, 5)) <> (base IN (SELECT id FROM contents)) AND method IN (2, 5)").Execute();
        database.Prepare("UPDATE contents SET base = NULL, position = 0 WHERE method NOT IN (2, 5) AND (base IS NOT NULL OR position <> 0)").Execute();
        Lost.AddRange(new UnsoundRecords(database).Drop());
    }

    /// <summary>
    /// A row without bytes says of a path what it has lost. One that nothing needs says nothing: of a content whose record came back from an archive, or which no
    /// state ever named. It would be on each verification's list for ever.
    /// </summary>
    private void DropEmptyContents()
    {
        foreach (var row in new UnnamedContents(database).Find())
        {
            database.Prepare($"DELETE FROM contents WHERE id = $1 AND NOT ({ContentRows.IsKept})").Execute(row);
        }
    }

    /// <summary>Half of a restore is not to be carried on, and what is left of one must not become part of the next of its number.</summary>
    private void DropTornRestores()
    {
        if (torn is null || torn.Contains("restores") || torn.Contains("restore_steps"))
        {
            database.Prepare("DELETE FROM restores").Execute();
        }

        database.Prepare("DELETE FROM restore_steps WHERE restore NOT IN (SELECT id FROM restores)").Execute();
    }

    private List<long> Numbers(string sql) => database.Prepare(sql).Numbers();
}
