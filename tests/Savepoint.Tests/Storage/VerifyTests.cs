using Savepoint.Model;
using Savepoint.Tests.Fidelity;
using Xunit;

namespace Savepoint.Tests.Storage;

/// <summary>Damage is found and named, whichever column of whichever row it struck.</summary>
public sealed class VerifyTests
{
    // Nothing is derived from these, and no hash covers them: what an actor's or git head's row is called, a label's.
    private static readonly string[] Tables = ["contents", "snapshots", "changes", "tree", "paths", "actors", "git_heads", "branches", "verifications"];

    [Fact]
    public async Task A_change_to_any_column_of_any_row_is_found()
    {
        using var workspace = new Workspace();
        var database = await MakeHistoryAsync(workspace);
        var missed = new SortedSet<string>();
        var tried = 0;
        foreach (var (table, column) in Tables.SelectMany(table => Columns(database, table).Select(column => (table, column))))
        {
            foreach (var change in Changes(database, table, column))
            {
                tried++;
                var kept = Directory.CreateDirectory(Path.Combine(workspace.Scratch, $"kept-{tried}")).FullName;
                File.Copy(database, Path.Combine(kept, "store.db"));
                if (Sql.Execute(database, change) > 0)
                {
                    await using var manager = await workspace.OpenAsync();
                    if (manager.Verify().IsClean)
                    {
                        missed.Add($"{table}.{column}");
                    }
                }

                File.Delete(database + "-wal");
                File.Delete(database + "-shm");
                File.Copy(Path.Combine(kept, "store.db"), database, overwrite: true);
            }
        }

        Assert.InRange(tried, 60, int.MaxValue);
        Assert.True(missed.Count == 0, string.Join(' ', missed));
    }

    [Fact]
    public async Task A_flipped_bit_in_a_content_names_the_paths_and_snapshots_that_it_costs()
    {
        using var workspace = new Workspace();
        workspace.Write("a.txt", "short");
        await using var manager = await workspace.InitAsync();
        workspace.Write("b.txt", string.Join('\n', Enumerable.Range(0, 500)));
        await manager.CaptureAsync();
        var database = Path.Combine(manager.StoreDirectory, "store.db");

        Sql.Execute(database, "UPDATE contents SET data = CAST(replace(data, 'short', 'shorn') AS BLOB) WHERE method = 0");
        Assert.Contains("a.txt at 1", Assert.Single(manager.Verify().Problems));

        Sql.Execute(database, "UPDATE contents SET data = substr(data, 1, 20) || x'ff' || substr(data, 22) WHERE method = 1");
        Assert.Contains(manager.Verify().Problems, problem => problem.Contains("b.txt at 2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_damaged_content_is_not_restored()
    {
        using var workspace = new Workspace();
        workspace.Write("a.txt", "short");
        workspace.Write("b.txt", "other");
        string database;
        await using (var manager = await workspace.InitAsync())
        {
            database = Path.Combine(manager.StoreDirectory, "store.db");
            workspace.Write("a.txt", "later");
            workspace.Write("b.txt", "later too");
            await manager.CaptureAsync();
        }

        Sql.Execute(database, "UPDATE contents SET data = CAST('shorn' AS BLOB) WHERE data = CAST('short' AS BLOB)");
        var before = Manifest.OfTree(workspace.Root);
        await using var opened = await workspace.OpenAsync();

        var failure = await Assert.ThrowsAsync<SavepointException>(() => opened.RollbackAsync(new SnapshotNumber(1)));

        Assert.Equal(ErrorCode.Damaged, failure.Code);
        Assert.StartsWith("a.txt cannot be brought back", failure.Message, StringComparison.Ordinal);
        Assert.Equal(before, Manifest.OfTree(workspace.Root));
    }

    private static async Task<string> MakeHistoryAsync(Workspace workspace)
    {
        Shell.Run(workspace.Root, "git init -q .");
        workspace.Write("short", "x");
        workspace.Write("text", string.Join('\n', Enumerable.Range(0, 500)));
        File.CreateSymbolicLink(workspace.At("link"), "text");
        await using var manager = await workspace.InitAsync();
        var context = new CaptureContext { Actor = new Actor("agent", "session", "turn", "call"), Tool = "Edit", Message = "a change" };
        workspace.Write("text", string.Join('\n', Enumerable.Range(1, 500)));
        await manager.CaptureAsync(context: context);
        File.Move(workspace.At("text"), workspace.At("moved"));
        await manager.CaptureAsync(context: context);
        await manager.UndoAsync(context: context);
        await manager.RecordVerificationAsync(new SnapshotNumber(2), BuildResult.Passed, new TestCounts(3, 0, 1), [new Figure("size", 12.5, "KB")]);
        Assert.Empty(manager.Verify().Problems);
        Assert.True(Sql.Scalar(Path.Combine(manager.StoreDirectory, "store.db"), "PRAGMA wal_checkpoint(TRUNCATE)") == 0);
        return Path.Combine(manager.StoreDirectory, "store.db");
    }

    // A content's position only guides which base the next version takes: no byte that is read depends on it.
    // How long a capture took says nothing of the tree, and is in no hash.
    private static List<string> Columns(string database, string table) =>
        Sql.Texts(database, $"SELECT name FROM pragma_table_info('{table}') WHERE name NOT IN ('position', 'elapsed')");

    /// <summary>For each row, the statement that changes its column a little, as a flipped bit would.</summary>
    private static IEnumerable<string> Changes(string database, string table, string column)
    {
        var key = table is "changes" or "tree" ? "rowid" : "id";
        var keys = (table, key) switch
        {
            ("changes", _) => Sql.Texts(database, "SELECT 'path = ' || path || ' AND branch = ' || branch || ' AND snapshot = ' || snapshot FROM changes"),
            ("tree", _) => Sql.Texts(database, "SELECT 'path = ' || path || ' AND branch = ' || branch FROM tree"),
            ("snapshots", _) => Sql.Texts(database, "SELECT 'number = ' || number FROM snapshots"),
            _ => Sql.Texts(database, $"SELECT 'id = ' || id FROM {table}"),
        };
        return keys.Select(row => $"""
            UPDATE OR IGNORE {table} SET {column} = CASE typeof({column})
                WHEN 'integer' THEN ({column} | 64) - ({column} & 64)
                WHEN 'text' THEN {column} || '!'
                WHEN 'blob' THEN CAST({column} || 'x' AS BLOB)
                ELSE 1 END
            WHERE {row}
            """);
    }
}
