using Savepoint.Model;

namespace Savepoint.Storage.Repair;

/// <summary>Which branch what was salvaged, or comes from an archive, belongs to. Inside a write.</summary>
/// <param name="database">Has the salvaged rows.</param>
/// <param name="copies">What the catalog says of working copies.</param>
internal sealed class BranchRescue(StoreDatabase database, IReadOnlyList<RecordedCopy> copies)
{
    private readonly HashSet<long> _rescued = [];

    /// <summary>The branches whose rows were lost.</summary>
    public IReadOnlySet<long> Rescued => _rescued;

    /// <summary>A snapshot on a branch that is lost still says which it was, and the first of them where that began; its working copy is known under its name.</summary>
    public void GiveBranches()
    {
        database.Prepare("INSERT OR IGNORE INTO branches (id, name) VALUES (1, 'main')").Execute();
        foreach (var branch in database.Prepare("SELECT branch FROM (SELECT branch FROM snapshots UNION SELECT branch FROM changes UNION SELECT branch FROM working_copies) WHERE branch NOT IN (SELECT id FROM branches)").Numbers())
        {
            _rescued.Add(branch);
            database.Prepare("""
                WITH first AS (SELECT number, parent FROM snapshots WHERE branch = $1 ORDER BY number LIMIT 1)
                INSERT INTO branches (id, name, fork) VALUES ($1, $2, coalesce(
                    (SELECT p.number FROM snapshots p JOIN first f ON p.number = f.parent AND p.number < f.number AND p.branch <> $1),
                    (SELECT max(number) FROM snapshots WHERE branch = 1 AND number < (SELECT number FROM first))))
                """).Execute(branch, NameOf(branch));
        }
    }

    private string NameOf(long branch)
    {
        using var row = database.Prepare("SELECT directory FROM working_copies WHERE branch = $1").Query(branch);
        var directory = row.Read() ? row.GetString(0) : null;
        return copies.FirstOrDefault(copy => copy.Directory == directory)?.Branch is { } name && !FreeName.IsTaken(database, name) ? name : FreeName.Of(database, branch);
    }

    /// <summary>
    /// The branch of an archived snapshot, made where there is none. Its name may have been given to another since, and its own have its number behind it then:
    /// of several, that which something says of this number, or of the one before, or which has the nearest.
    /// </summary>
    public (long Id, string Name) Of(Snapshot archived)
    {
        var (number, parent) = (archived.Number.Value, archived.Parent?.Value);
        using var row = database.Prepare("""
            SELECT id, name FROM branches b WHERE name IN ($1, $1 || '@' || id) AND coalesce(fork, 0) < $2
            ORDER BY id IS (SELECT branch FROM snapshots WHERE number = $2) DESC, id IN (SELECT branch FROM changes WHERE snapshot = $2) DESC,
                id IS (SELECT branch FROM snapshots WHERE number = $3) DESC, coalesce((SELECT min(abs(number - $2)) FROM snapshots WHERE branch = b.id), name = $1), id LIMIT 1
            """).Query(archived.Branch, number, parent);
        return row.Read() ? (row.GetInt64(0), row.GetString(1)) : Add(archived.Branch, parent);
    }

    private (long Id, string Name) Add(string name, long? fork)
    {
        var id = database.Prepare("SELECT max(id) FROM branches").Scalar()!.Value + 1;
        var free = database.Prepare("SELECT 1 FROM branches WHERE name = $1").Scalar(name) is null ? name : $"{name}@{id}";
        database.Prepare("INSERT INTO branches (id, name, fork) VALUES ($1, $2, $3)").Execute(id, free, fork);
        _rescued.Add(id);
        return (id, free);
    }
}
