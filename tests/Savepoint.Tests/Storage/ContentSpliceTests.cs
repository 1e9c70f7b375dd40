using CsCheck;
using Savepoint.Model;
using Savepoint.Storage;
using Xunit;

namespace Savepoint.Tests.Storage;

public sealed class ContentSpliceTests
{
    private static readonly Gen<byte[]> Bytes = Gen.OneOf(Gen.Byte.Array[0, 3000], Gen.Byte[0, 2].Array[0, 3000]);

    // A content, and what stands in its place after one stretch was replaced: by nothing, by little, by much, or all of it.
    private static readonly Gen<(byte[] Before, byte[] After)> Edits =
        from before in Bytes
        from start in Gen.Int[0, before.Length]
        from length in Gen.Int[0, before.Length - start]
        from added in Gen.OneOf(Gen.Byte.Array[0, 100], Gen.Byte[0, 2].Array[0, 3000])
        select (before, (byte[])[.. before[..start], .. added, .. before[(start + length)..]]);

    [Fact]
    public void What_was_spliced_comes_back() => Gen.OneOf(Edits, Gen.Select(Bytes, Bytes)).Sample(
        pair => ContentSplice.TryEncode(pair.Item2, pair.Item1) is not { } data || ContentSplice.Decode(data, pair.Item1, pair.Item2.Length).AsSpan().SequenceEqual(pair.Item2),
        iter: 20_000);

    [Theory]
    [InlineData("", "")]
    [InlineData("aaaa", "aaa")]
    [InlineData("aaa", "aaaa")]
    [InlineData("abab", "ababab")]
    [InlineData("same", "same")]
    [InlineData("old", "")]
    public void Heads_and_tails_that_overlap_are_counted_once(string before, string after)
    {
        var (previous, content) = (System.Text.Encoding.ASCII.GetBytes(before), System.Text.Encoding.ASCII.GetBytes(after));

        var data = ContentSplice.TryEncode(content, previous)!;

        Assert.Equal(content, ContentSplice.Decode(data, previous, content.Length));
        Assert.InRange(data.Length, 2, 2 + Math.Max(0, content.Length - previous.Length) + 3);
    }

    [Fact]
    public void A_replaced_line_of_a_large_file_takes_little()
    {
        var before = new byte[100_000];
        new Random(1).NextBytes(before);
        byte[] after = [.. before[..50_000], .. "a new line\n"u8, .. before[50_010..]];

        Assert.InRange(ContentSplice.TryEncode(after, before)!.Length, 1, 20);
    }

    [Fact]
    public void A_file_that_has_little_in_common_with_another_is_no_splice_of_it() =>
        Assert.Null(ContentSplice.TryEncode("a file of its own"u8, "another"u8));

    [Fact]
    public void A_version_with_edits_far_apart_is_no_splice()
    {
        var before = new byte[10_000];
        byte[] after = [1, .. before[1..^1], 1];

        Assert.Null(ContentSplice.TryEncode(after, before));
    }

    [Fact]
    public void Damaged_data_is_damage_and_nothing_else() => Gen.Select(Gen.Byte.Array[0, 40], Gen.Byte.Array[0, 40], Gen.Int[0, 100]).Sample((data, previous, size) =>
    {
        try
        {
            return ContentSplice.Decode(data, previous, size).Length == size;
        }
        catch (SavepointException e)
        {
            return e.Code == ErrorCode.Damaged;
        }
    }, iter: 50_000);
}
