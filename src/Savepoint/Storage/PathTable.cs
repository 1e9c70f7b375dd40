using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>The rows of <c>paths</c>: a small number for each path ever recorded. Inside a read or write of the database.</summary>
internal sealed class PathTable(StoreDatabase database)
{
    private const int MaxCached = 10_000;

    // Only rows seen committed: a number given inside a transaction that rolls back would go to another path.
    private readonly Dictionary<WorkspacePath, long> _ids = [];

    public long? Find(WorkspacePath path)
    {
        if (_ids.TryGetValue(path, out var cached))
        {
            return cached;
        }

        var id = database.Prepare("SELECT id FROM paths WHERE path = $1").Scalar(path.Bytes.ToArray());
        if (id is not null)
        {
            if (_ids.Count >= MaxCached)
            {
                _ids.Clear();
            }

            _ids[path] = id.Value;
        }

        return id;
    }

    public long FindOrAdd(WorkspacePath path)
    {
        if (Find(path) is { } id)
        {
            return id;
        }

        database.Prepare("INSERT INTO paths (path) VALUES ($1)").Execute(path.Bytes.ToArray());
        return database.LastInsertedRow();
    }

    /// <summary>The path in a column of a row.</summary>
    public static WorkspacePath Read(ReadOnlySpan<byte> bytes) => WorkspacePath.TryFromBytes(bytes, out var path, out var problem)
        ? path
        : throw new SavepointException(ErrorCode.Damaged, $"A recorded path cannot be used: {problem}.", "Run 'savepoint verify' to see what is lost and 'savepoint repair' to mend it.");
}
