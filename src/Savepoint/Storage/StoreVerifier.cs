using Savepoint.Model;
using Savepoint.Storage.Packs;

namespace Savepoint.Storage;

/// <summary>
/// Compares every snapshot and every content with its hash, one at a time, so that a damaged one costs only itself. A
/// deep run has SQLite check the structure of the whole file as well.
/// </summary>
internal sealed class StoreVerifier(StoreDatabase database, SnapshotReader reader)
{
    private readonly List<string> _problems = [];
    private readonly PackReader _packs = new(database);

    public StoreDamage Run(bool deep, CancellationToken cancellationToken)
    {
        CheckStructure(deep);
        var contents = CheckContents(cancellationToken);
        var snapshots = CheckSnapshots(cancellationToken);
        CheckVerifications(cancellationToken);
        CheckDecisions(cancellationToken);
        CheckEvents();
        CheckRules();
        return new StoreDamage(snapshots, contents, _problems);
    }

    private void CheckStructure(bool deep) => Guard("the database's structure", () =>
    {
        using var row = database.Prepare(deep ? "PRAGMA integrity_check" : "PRAGMA quick_check").Query();
        while (row.Read())
        {
            if (row.GetString(0) != "ok")
            {
                _problems.Add($"database: {row.GetString(0)}");
            }
        }
    });

    private long CheckContents(CancellationToken cancellationToken)
    {
        long count = 0;
        // Pack by pack, so that each is decoded once.
        foreach (var row in Rows("SELECT id FROM contents ORDER BY CASE method WHEN 4 THEN data END, id"))
        {
            cancellationToken.ThrowIfCancellationRequested();
            count++;
            Guard($"content {row}", () =>
            {
                var described = ContentRows.Describe(database, row)!;
                if (described.Method == ContentMethod.Chunks)
                {
                    CheckChunks(row, described);
                }
                else if (ContentRows.Decode(database, _packs, row) is var bytes && (bytes.Length != described.SizeBytes || ContentId.Of(bytes) != described.Id))
                {
                    _problems.Add((described.Id == UnknownContent.Id ? UnknownContent.Problem(row) : $"content {row} ({described.Id}) does not match its hash") + NamedBy(row));
                }
            });
        }

        return count;
    }

    private void CheckChunks(long row, ContentRows.Description described)
    {
        long size = 0;
        foreach (var chunk in ContentRows.ChunkList(ContentRows.Load(database, row).Data))
        {
            size += ContentRows.Describe(database, chunk)?.SizeBytes ?? 0;
        }

        using var hash = new ContentHash(described.SizeBytes);
        foreach (var chunk in ContentRows.ChunkList(ContentRows.Load(database, row).Data))
        {
            hash.Append(ContentRows.Decode(database, _packs, chunk));
        }

        if (size != described.SizeBytes || hash.Finish() != described.Id)
        {
            _problems.Add($"content {row} ({described.Id}) does not match its hash{NamedBy(row)}");
        }
    }

    private long CheckSnapshots(CancellationToken cancellationToken)
    {
        long count = 0;
        foreach (var number in Rows("SELECT number FROM snapshots ORDER BY number"))
        {
            cancellationToken.ThrowIfCancellationRequested();
            count++;
            Guard($"snapshot {number}", () =>
            {
                var (snapshot, hash) = reader.QueryWithHash("s.number = $1", number).Single();
                if (!SnapshotHash.Compute(snapshot).AsSpan().SequenceEqual(hash))
                {
                    _problems.Add($"snapshot {number} does not match its hash");
                }
            });
        }

        return count;
    }

    private void CheckVerifications(CancellationToken cancellationToken)
    {
        var table = new VerificationTable(database);
        foreach (var id in Rows("SELECT id FROM verifications ORDER BY id"))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Guard($"verification {id}", () =>
            {
                if (!table.IsSound(id))
                {
                    _problems.Add($"verification {id} does not match its hash");
                }
            });
        }
    }

    private void CheckDecisions(CancellationToken cancellationToken)
    {
        var table = new DecisionTable(database);
        foreach (var id in Rows("SELECT id FROM decisions ORDER BY id"))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Guard($"decision {id}", () =>
            {
                if (!table.IsSound(id))
                {
                    _problems.Add($"decision {id} does not match its hash");
                }
            });
        }
    }

    private void CheckEvents() => _problems.AddRange(EventTable.Unreadable(database).ConvertAll(id => $"event {id} cannot be read"));

    private void CheckRules()
    {
        foreach (var (table, problem, sql) in StoreRules.All)
        {
            Guard(table, () =>
            {
                if (database.Prepare(sql).Scalar() is > 0 and var broken)
                {
                    _problems.Add($"{table}: {broken} {problem}");
                }
            });
        }
    }

    private string NamedBy(long content)
    {
        var uses = new List<string>();
        using var row = database.Prepare("SELECT c.snapshot, p.path FROM changes c JOIN paths p ON p.id = c.path WHERE c.content = $1 ORDER BY c.snapshot LIMIT 5").Query(content);
        while (row.Read())
        {
            uses.Add($"{PathQuoting.Quote(row.Bytes(1))} at {row.GetInt64(0)}");
        }

        return uses.Count == 0 ? "" : $": {string.Join(", ", uses)}";
    }

    private List<long> Rows(string sql)
    {
        var rows = new List<long>();
        Guard("a table", () => database.Prepare(sql).ReadNumbers(rows));
        return rows;
    }

    /// <summary>Whether a failure may come of what was read: damaged rows hold anything.</summary>
    public static bool IsDamage(Exception failure) =>
        failure is SavepointException or InvalidOperationException or InvalidCastException or FormatException or ArgumentException or OverflowException or IndexOutOfRangeException or KeyNotFoundException or NotSupportedException or OutOfMemoryException;

    /// <summary>Runs one check; whatever it throws is a finding, and the next check runs.</summary>
    private void Guard(string what, Action check)
    {
        try
        {
            database.Read(() =>
            {
                check();
                return true;
            });
        }
        catch (Exception e) when (IsDamage(e))
        {
            _problems.Add($"{what}: {e.Message}");
        }
    }
}
