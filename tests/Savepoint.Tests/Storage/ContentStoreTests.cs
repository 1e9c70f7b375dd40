using Savepoint.Model;
using Savepoint.Storage;
using Savepoint.Tests.Workspaces;
using Xunit;

namespace Savepoint.Tests.Storage;

public sealed class ContentStoreTests : IDisposable
{
    private const int Limit = ContentStore.MaxWholeBytes;

    private readonly TemporaryFolder _folder = new();
    private readonly SnapshotStore _store;

    public ContentStoreTests() => _store = SnapshotStore.OpenOrCreate(_folder.Path, syncEachCommit: false);

    public static TheoryData<int> Sizes =>
    [
        0, 1, 31, 32, 33, 4095, 4096, 65_535, 65_536,
        ContentChunker.MinBytes - 1, ContentChunker.MinBytes, ContentChunker.MinBytes + 1,
        ContentChunker.AverageBytes - 1, ContentChunker.AverageBytes, ContentChunker.AverageBytes + 1,
        Limit - 1, Limit, Limit + 1, 2 * Limit, (2 * Limit) + 1,
    ];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Bytes_of_any_size_come_back_whole_or_streamed(int size)
    {
        foreach (var content in new[] { Noise(size, seed: 1), Repeating(size) })
        {
            if (size <= Limit)
            {
                _store.Contents.Add(ContentId.Of(content), content, previous: null);
            }

            using var stream = new MemoryStream(content);
            var (id, streamedBytes) = _store.Contents.Add(stream);
            Save();

            Assert.Equal(ContentId.Of(content), id);
            Assert.Equal(size, streamedBytes);
            AssertHolds(content);
        }
    }

    [Fact]
    public void A_chain_of_versions_comes_back_past_the_longest_chain_of_bases()
    {
        var versions = new List<byte[]>();
        var text = Noise(4000, seed: 2);
        ContentId? previous = null;
        for (var i = 0; i < (3 * ContentEncoder.MaxDepth) + 2; i++)
        {
            text = [.. text];
            text[i * 37 % text.Length] ^= 0xFF;
            var id = ContentId.Of(text);
            _store.Contents.Add(id, text, previous);
            Save();
            versions.Add(text);
            previous = id;
        }

        versions.ForEach(AssertHolds);
        Assert.Equal(ContentEncoder.MaxDepth, Scalar("SELECT max(depth) FROM contents"));
        Assert.InRange(Scalar("SELECT count(*) FROM contents WHERE base IS NULL"), 3, 4);
    }

    [Fact]
    public void Equal_bytes_are_one_row_whether_added_whole_or_streamed_or_as_a_chunk()
    {
        var large = Noise(3 * Limit, seed: 3);
        var chunk = large[..ContentChunker.FirstLength(large)];
        for (var i = 0; i < 2; i++)
        {
            _store.Contents.Add(ContentId.Of(chunk), chunk, previous: null);
            using var whole = new MemoryStream(large);
            _store.Contents.Add(whole);
            using var alone = new MemoryStream(chunk);
            _store.Contents.Add(alone);
            Save();
        }

        Assert.Equal(0, Scalar("SELECT count(*) - count(DISTINCT hash) FROM contents"));
        AssertHolds(large);
        AssertHolds(chunk);
    }

    [Fact]
    public void A_byte_put_into_a_large_file_costs_few_chunks()
    {
        var content = Noise(8 * Limit, seed: 4);
        AddStream(content);
        var before = Scalar("SELECT count(*) FROM contents");

        AddStream([.. content[..Limit], 42, .. content[Limit..]]);

        Assert.InRange(Scalar("SELECT count(*) FROM contents") - before, 1, 4);
    }

    [Fact]
    public void Contents_added_by_many_threads_at_once_are_all_there_and_none_stays_in_memory()
    {
        var contents = Enumerable.Range(0, 400).Select(i => Noise(200_000, seed: i % 200)).ToArray();

        Parallel.ForEach(contents, content => _store.Contents.Add(ContentId.Of(content), content, previous: null));
        Save();

        Assert.Equal(0, _store.Contents.StagedBytes);
        Assert.Equal(200, Scalar("SELECT count(*) FROM contents"));
        Array.ForEach(contents, AssertHolds);
    }

    [Fact]
    public void Contents_stay_staged_when_the_write_that_should_save_them_fails()
    {
        var content = Noise(1000, seed: 5);
        _store.Contents.Add(ContentId.Of(content), content, previous: null);

        Assert.Throws<HeadMovedException>(() => _store.Contents.Commit<bool>(() => throw new HeadMovedException()));
        Assert.Equal(0, Scalar("SELECT count(*) FROM contents"));
        Save();

        AssertHolds(content);
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    private static byte[] Noise(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Repeating(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)(i % 61))];

    private void AddStream(byte[] content)
    {
        using var stream = new MemoryStream(content);
        _store.Contents.Add(stream);
        Save();
    }

    private void Save() => _store.Contents.Commit(() => true);

    /// <summary>Read by another connection, so that nothing kept in memory answers.</summary>
    private void AssertHolds(byte[] content)
    {
        using var other = SnapshotStore.Open(_folder.Path, syncEachCommit: false);
        using var copy = new MemoryStream();
        other.Contents.CopyTo(ContentId.Of(content), copy);
        Assert.True(content.AsSpan().SequenceEqual(copy.ToArray()));
        Assert.True(content.AsSpan().SequenceEqual(other.Contents.Read(ContentId.Of(content))));
    }

    private long Scalar(string sql) => Sql.Scalar(_folder["store.db"], sql);
}
