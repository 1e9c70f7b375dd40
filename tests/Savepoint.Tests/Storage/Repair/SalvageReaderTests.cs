using Savepoint.Storage;
using Savepoint.Storage.Repair;
using Xunit;

namespace Savepoint.Tests.Storage.Repair;

/// <summary>A page whose numbers do not rise any more, and one of whose rows cannot be read.</summary>
public sealed class SalvageReaderTests : IDisposable
{
    private readonly Workspace _workspace = new();

    [Fact]
    public void Numbers_that_fall_do_not_have_it_read_the_same_rows_for_ever()
    {
        var path = Path.Combine(_workspace.Scratch, "damaged");
        Sql.Execute(path, "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT); INSERT INTO t VALUES (10, 'a'), (200, 'b'), (201, 'c'), (202, 'd')");
        var bytes = File.ReadAllBytes(path);
        Replace(bytes, [0x81, 0x49, 3], [0x80, 20, 3]);
        Replace(bytes, [0x81, 0x4a, 3], [0x80, 30, 100]); // its header is said to be longer than the row
        File.WriteAllBytes(path, bytes);

        using var damaged = StoreDatabase.OpenForSalvage(path);
        var read = new List<long>();
        var isWhole = damaged.Read(() => new SalvageReader(damaged).ReadNumbered("t", "id", "id, v", row =>
        {
            read.Add((long)row[0]!);
            Assert.InRange(read.Count, 0, 100);
        }));

        Assert.False(isWhole);
        Assert.Equal([10, 20, 200], read.Distinct().Order());
    }

    public void Dispose() => _workspace.Dispose();

    private static void Replace(byte[] bytes, byte[] from, byte[] to)
    {
        var at = bytes.AsSpan().IndexOf(from);
        Assert.True(at > 0);
        to.CopyTo(bytes, at);
    }
}
