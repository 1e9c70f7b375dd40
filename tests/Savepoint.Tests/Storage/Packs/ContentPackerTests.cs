using Savepoint.Model;
using Savepoint.Storage;
using Savepoint.Storage.Packs;
using Savepoint.Tests.Workspaces;
using Xunit;

namespace Savepoint.Tests.Storage.Packs;

/// <summary>What happens to contents while a pack of them is compressed.</summary>
public sealed class ContentPackerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StoreDatabase _database;

    public ContentPackerTests()
    {
        _database = StoreDatabase.OpenOrCreate(_folder["store.db"], syncEachCommit: false);
        _database.Write(() =>
        {
            foreach (var content in Contents)
            {
                ContentRows.InsertNew(_database, ContentEncoder.Encode(ContentId.Of(content), content, prefix: null), baseRow: null);
            }
        });
    }

    private static byte[][] Contents { get; } = [.. Enumerable.Range(0, 40).Select(i => System.Text.Encoding.UTF8.GetBytes($"version {i} of a text that is long enough to shrink among others of its kind\n"))];

    [Fact]
    public void A_pack_takes_its_contents()
    {
        var packer = new ContentPacker(_database);

        Assert.Equal(Contents.Length, packer.Put(packer.Prepare(Candidates())));
        Assert.Equal(Contents.Length, Scalar("SELECT count(*) FROM contents WHERE method = 4"));
    }

    [Fact]
    public void What_is_erased_meanwhile_does_not_come_back_in_the_pack()
    {
        var packer = new ContentPacker(_database);
        var pack = packer.Prepare(Candidates());
        Sql.Execute(_database.Path, "DELETE FROM contents WHERE id = 7");

        Assert.Equal(0, packer.Put(pack));
        Assert.Equal(0, Scalar("SELECT count(*) FROM packs"));
        Assert.Equal(Contents.Length - 1, Scalar("SELECT count(*) FROM contents WHERE method <> 4"));
    }

    [Fact]
    public void A_content_that_has_got_the_number_of_an_erased_one_stays()
    {
        var packer = new ContentPacker(_database);
        var pack = packer.Prepare(Candidates());
        var other = "recorded since"u8.ToArray();
        Sql.Execute(_database.Path, $"DELETE FROM contents WHERE id = {Contents.Length}");
        _database.Write(() => Assert.Equal(Contents.Length, ContentRows.InsertNew(_database, ContentEncoder.Encode(ContentId.Of(other), other, prefix: null), baseRow: null)));

        packer.Put(pack);

        Assert.Equal(Contents.Length, _database.Read(() => ContentRows.Find(_database, ContentId.Of(other))));
    }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    private static List<PackCandidate> Candidates() => [.. Contents.Select((content, i) => new PackCandidate(i + 1, content.Length, content.Length, null, "file"u8.ToArray(), i))];

    private long Scalar(string sql) => Sql.Scalar(_database.Path, sql);
}
