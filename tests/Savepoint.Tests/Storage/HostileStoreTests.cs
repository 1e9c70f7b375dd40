using Savepoint.Model;
using Savepoint.Tests.Fidelity;
using Xunit;

namespace Savepoint.Tests.Storage;

/// <summary>
/// A database that somebody else has written: nothing outside the workspace is read or written, nothing goes on for ever or
/// takes all memory, and what is refused is refused with a known failure.
/// </summary>
public sealed class HostileStoreTests
{
    [Theory]
    [InlineData("a path above", "UPDATE paths SET path = CAST('../escaped' AS BLOB) WHERE path = CAST('a.txt' AS BLOB)")]
    [InlineData("a path above, from within", "UPDATE paths SET path = CAST('dir/../../escaped' AS BLOB) WHERE path = CAST('a.txt' AS BLOB)")]
    [InlineData("an absolute path", "UPDATE paths SET path = CAST('/tmp/escaped' AS BLOB) WHERE path = CAST('a.txt' AS BLOB)")]
    [InlineData("an empty segment", "UPDATE paths SET path = CAST('dir//escaped' AS BLOB) WHERE path = CAST('a.txt' AS BLOB)")]
    [InlineData("a path with a zero", "UPDATE paths SET path = x'610062' WHERE path = CAST('a.txt' AS BLOB)")]
    [InlineData("a path of git's", "UPDATE paths SET path = CAST('.git/hooks/post-commit' AS BLOB) WHERE path = CAST('a.txt' AS BLOB)")]
    [InlineData("a path through a link", "UPDATE paths SET path = CAST('out/escaped' AS BLOB) WHERE path = CAST('a.txt' AS BLOB)")]
    [InlineData("a size beyond all", "UPDATE contents SET size = 9223372036854775807")]
    [InlineData("a size below zero", "UPDATE contents SET size = -1")]
    [InlineData("a bomb", "UPDATE contents SET method = 1, base = NULL, size = 4194304, data = x'28b52ffd00582500003041010000fdff39c0020000'")]
    [InlineData("an unknown method", "UPDATE contents SET method = 77")]
    [InlineData("a base in a circle", "UPDATE contents SET method = 2, base = id")]
    [InlineData("pieces without end", "UPDATE contents SET method = 3, base = NULL, data = CAST(replace(hex(zeroblob(50000)), '00', char(1)) AS BLOB)")]
    [InlineData("a place in no pack", "UPDATE contents SET method = 4, base = NULL, data = x'ffffffffffffffff7fffffffffffffffff7f'")]
    [InlineData("a parent that is later", "UPDATE snapshots SET parent = number + 1")]
    [InlineData("a parent that is itself", "UPDATE snapshots SET parent = number")]
    [InlineData("a target that is itself", "UPDATE snapshots SET kind = 3, target = number")]
    [InlineData("a target in a circle", "UPDATE snapshots SET kind = 3, target = 5 - number, redoable = 1000000")]
    [InlineData("a branch that begins in itself", "UPDATE branches SET fork = head")]
    [InlineData("a head that is nowhere", "UPDATE branches SET head = 9223372036854775807")]
    [InlineData("a change that follows itself", "UPDATE changes SET previous = snapshot")]
    [InlineData("an unknown state", "UPDATE changes SET state = 1152921504606846975")]
    [InlineData("texts for numbers", "UPDATE snapshots SET time = 'soon', operations = 'many', skipped = 'x', scanned = x'ff'")]
    [InlineData("a time beyond all", "UPDATE snapshots SET time = 9223372036854775807, duration = 9223372036854775807, elapsed = 9223372036854775807")]
    [InlineData("a list of skipped without end", "UPDATE snapshots SET skipped = x'00ffffffffffffffffff7f'")]
    [InlineData("a merge in a circle", "INSERT INTO merges VALUES (2, 1, 3, 2, 0); INSERT INTO merged VALUES (3, 2, 1), (2, 3, 1); INSERT INTO merges VALUES (3, 1, 2, 2, 0)")]
    [InlineData("a restore to outside", "INSERT INTO restores (id, branch, kind, time, target, redoable) VALUES (1, 'main', 5, 0, 1, 0); INSERT INTO restore_steps VALUES (1, 0, CAST('../escaped' AS BLOB), 0, NULL, NULL, 4516, (SELECT hash FROM contents LIMIT 1), 3)")]
    public async Task Hostile_rows_are_refused_or_harmless(string what, string sql)
    {
        using var workspace = new Workspace();
        var outside = Directory.CreateDirectory(Path.Combine(workspace.Scratch, "outside")).FullName;
        File.WriteAllText(Path.Combine(outside, "escaped"), "precious");
        File.WriteAllText(Path.Combine(workspace.Scratch, "escaped"), "precious");
        var database = await RecordAsync(workspace);
        File.CreateSymbolicLink(workspace.At("out"), outside);
        Directory.CreateDirectory(workspace.At(".git/hooks"));
        var before = Manifest.OfTree(outside);
        Sql.Execute(database, sql);

        Func<SnapshotManager, Task>[] attempts =
        [
            manager => Task.FromResult(manager.Verify(deep: true)),
            async manager => Assert.NotEmpty(await manager.HistoryAsync().ToListAsync()),
            manager => Task.FromResult(manager.GetSnapshot(new SnapshotNumber(2))),
            manager => Task.FromResult(manager.LastOperations(5)),
            manager => Task.FromResult(manager.Resolve(Revision.Parse("3"))),
            manager => manager.UndoAsync(3),
            manager => manager.RedoAsync(3),
            manager => manager.RollbackAsync(new SnapshotNumber(1)),
            manager => manager.RevertAsync(new SnapshotNumber(2)),
            manager => manager.CaptureAsync(),
            manager => manager.MilestoneAsync("m", new SnapshotNumber(2)),
            manager => manager.CompactAsync(Savepoint.Compaction.CompactionLevel.Aggressive),
            manager => manager.CleanUpAsync(),
        ];
        foreach (var attempt in attempts)
        {
            await TryAsync(workspace, attempt, what);
        }

        Assert.Equal(before, Manifest.OfTree(outside));
        Assert.Equal("precious", File.ReadAllText(Path.Combine(workspace.Scratch, "escaped")));
        Assert.Empty(Directory.GetFileSystemEntries(workspace.At(".git/hooks")));
        Assert.False(File.Exists("/tmp/escaped"));
    }

    private static async Task TryAsync(Workspace workspace, Func<SnapshotManager, Task> attempt, string what)
    {
        try
        {
            await using var manager = await workspace.OpenAsync();
            await attempt(manager).WaitAsync(TimeSpan.FromMinutes(1));
        }
        catch (SavepointException)
        {
            // Refused, with a reason.
        }
        catch (TimeoutException)
        {
            Assert.Fail($"{what}: it did not end");
        }
    }

    private static async Task<string> RecordAsync(Workspace workspace)
    {
        workspace.Write("a.txt", "one");
        workspace.Write("dir/b.txt", string.Join('\n', Enumerable.Range(0, 300)));
        await using var manager = await workspace.InitAsync();
        foreach (var text in (string[])["two", "three"])
        {
            workspace.Write("a.txt", text);
            await manager.CaptureAsync();
        }

        return Path.Combine(manager.StoreDirectory, "store.db");
    }
}
