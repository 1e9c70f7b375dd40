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

    [Theory]
    [InlineData(1000)]
    [InlineData(3 * Limit)]
    public void What_has_lost_its_bytes_gets_them_back_with_the_next_capture(int size)
    {
        var content = Noise(size, seed: 3);
        Add(content);
        Sql.Execute(Path.Combine(_folder.Path, StoreFiles.Database), "UPDATE contents SET method = 0, base = NULL, position = 0, data = x''");

        using var store = SnapshotStore.Open(_folder.Path, syncEachCommit: false);
        Assert.False(store.Contents.Contains(ContentId.Of(content)));
        Add(content);

        Assert.True(store.Contents.Contains(ContentId.Of(content)));
        Assert.Equal(content, store.Contents.Read(ContentId.Of(content)));

        void Add(byte[] bytes)
        {
            using var stream = new MemoryStream(bytes);
            _store.Contents.Add(stream);
            Save();
        }
    }

    [Fact]
    public void A_line_of_versions_comes_back_through_few_bases()
    {
        var versions = new List<byte[]>();
        var text = Noise(4000, seed: 2);
        ContentId? previous = null;
        for (var i = 0; i < 300; i++)
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
        Assert.Equal(1, Scalar("SELECT count(*) FROM contents WHERE base IS NULL"));
        Assert.InRange(
            Scalar("""
                WITH RECURSIVE chain (id, length) AS (
                    SELECT id, 0 FROM contents WHERE base IS NULL
                    UNION ALL SELECT c.id, chain.length + 1 FROM contents c JOIN chain ON c.base = chain.id)
                SELECT max(length) FROM chain
                """),
            ContentEncoder.Stride,
            3 * (ContentEncoder.Stride - 1));
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

    [Fact]
    public void A_large_file_whose_capture_was_broken_off_is_recorded_by_the_next_though_its_chunks_were_freed()
    {
        var content = Noise(4 * Limit, seed: 6);
        using var broken = new MemoryStream(content);
        _store.Contents.Add(broken);
        Assert.NotEqual(0, _store.FreeUnnamedContents());

        AddStream(content);

        AssertHolds(content);
    }

    [Fact]
    public void What_a_broken_off_capture_has_staged_keeps_none_after_it_from_recording()
    {
        var (large, other) = (Noise(4 * Limit, seed: 7), Noise(1000, seed: 8));
        using var broken = new MemoryStream(large);
        _store.Contents.Add(broken);
        _store.FreeUnnamedContents();

        _store.Contents.Add(ContentId.Of(other), other, previous: null);
        Save();

        AssertHolds(other);
        Assert.Equal(0, _store.Contents.StagedBytes);
    }

    [Fact]
    public void A_version_whose_base_was_freed_while_it_was_staged_is_stored_without_it()
    {
        var first = Noise(4000, seed: 9);
        byte[] second = [.. first, 1], third = [.. second, 2];
        _store.Contents.Add(ContentId.Of(first), first, previous: null);
        Save();
        _store.Contents.Add(ContentId.Of(second), second, ContentId.Of(first));
        _store.FreeUnnamedContents();

        _store.Contents.Add(ContentId.Of(second), second, previous: null);
        _store.Contents.Add(ContentId.Of(third), third, ContentId.Of(second));
        Save();

        AssertHolds(second);
        AssertHolds(third);
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
