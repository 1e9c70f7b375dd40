namespace Savepoint.Storage;

/// <summary>
/// Contents that nothing names: left by captures that never committed. Named is what a change or a restore under way
/// holds, each chunk of such a content, and each base that one of them is decoded with.
/// </summary>
internal sealed class UnnamedContents(StoreDatabase database)
{
    /// <summary>Their rows. Inside a read of the database.</summary>
    public List<long> Find()
    {
        var (bases, chunks) = Links();
        var pending = new Stack<long>(Roots());
        var named = new HashSet<long>();
        while (pending.TryPop(out var row))
        {
            if (!named.Add(row))
            {
                continue;
            }

            if (bases.TryGetValue(row, out var earlier))
            {
                pending.Push(earlier);
            }

            foreach (var chunk in chunks.GetValueOrDefault(row) ?? [])
            {
                pending.Push(chunk);
            }
        }

        return Rows("SELECT id FROM contents").FindAll(row => !named.Contains(row));
    }

    /// <summary>
    /// Frees them. Inside a write of the database, and with the workspace lock held exclusively: a capture under way stores
    /// contents before the snapshot that will name them.
    /// </summary>
    /// <returns>How many there were.</returns>
    public int Delete()
    {
        var unnamed = Find();
        foreach (var row in unnamed)
        {
            database.Prepare("DELETE FROM contents WHERE id = $1").Execute(row);
        }

        return unnamed.Count;
    }

    private List<long> Roots() =>
    [
        .. Rows("SELECT DISTINCT content FROM changes WHERE content IS NOT NULL"),
        .. Rows("""
            SELECT k.id FROM restore_steps r JOIN contents k
            ON (substr(k.hash, 1, 8) = substr(r.before_content, 1, 8) AND k.hash = r.before_content)
            OR (substr(k.hash, 1, 8) = substr(r.after_content, 1, 8) AND k.hash = r.after_content)
            """),
    ];

    private (Dictionary<long, long> Bases, Dictionary<long, IReadOnlyList<long>> Chunks) Links()
    {
        var bases = new Dictionary<long, long>();
        var chunks = new Dictionary<long, IReadOnlyList<long>>();
        using var row = database.Prepare("SELECT id, base, CASE method WHEN 3 THEN data END FROM contents WHERE base IS NOT NULL OR method = 3").Query();
        while (row.Read())
        {
            if (row.Int64OrNull(1) is { } earlier)
            {
                bases[row.GetInt64(0)] = earlier;
            }

            if (row.BytesOrNull(2) is { } list)
            {
                chunks[row.GetInt64(0)] = ContentRows.ChunkList(list);
            }
        }

        return (bases, chunks);
    }

    private List<long> Rows(string sql) => database.Prepare(sql).Numbers();
}
