using CsCheck;
using Savepoint.Model;
using Savepoint.Storage;
using Xunit;

namespace Savepoint.Tests.Storage;

public sealed class ContentCodecTests
{
    private static readonly Gen<byte[]> Bytes = Gen.OneOf(Gen.Byte.Array[0, 400_000], Gen.Byte[0, 3].Array[0, 400_000]);

    [Fact]
    public void The_head_of_a_frame_is_what_the_whole_begins_with() => Gen.Select(Bytes, Gen.Double[0, 1], Gen.Int[1, 19]).Sample(
        (plain, share, level) =>
        {
            var needed = (int)(plain.Length * share);

            var content = new byte[plain.Length];
            var decoded = ContentCodec.DecompressHead(ContentCodec.Compress(plain, default, level), content, needed);

            return decoded >= needed && content.AsSpan(0, decoded).SequenceEqual(plain.AsSpan(0, decoded));
        },
        iter: 200);

    [Fact]
    public void A_head_costs_no_more_of_the_frame_than_it_needs()
    {
        var plain = new byte[4_000_000];
        new Random(5).NextBytes(plain);

        var decoded = ContentCodec.DecompressHead(ContentCodec.Compress(plain, default), new byte[plain.Length], 100_000);

        Assert.InRange(decoded, 100_000, 400_000);
    }

    [Fact]
    public void A_frame_that_was_cut_or_is_larger_than_recorded_is_damage()
    {
        var plain = Enumerable.Range(0, 300_000).Select(i => (byte)(i * i >> 7)).ToArray();
        var frame = ContentCodec.Compress(plain, default);

        Assert.Equal(ErrorCode.Damaged, Assert.Throws<SavepointException>(() => ContentCodec.DecompressHead(frame.AsSpan(0, frame.Length / 2), new byte[plain.Length], plain.Length)).Code);
        Assert.Equal(ErrorCode.Damaged, Assert.Throws<SavepointException>(() => ContentCodec.DecompressHead(frame, new byte[plain.Length / 2], plain.Length / 2)).Code);
        Assert.Equal(ErrorCode.Damaged, Assert.Throws<SavepointException>(() => ContentCodec.DecompressHead("no frame at all"u8, new byte[100], 50)).Code);
        Assert.Equal(plain, ContentCodec.Decompress(frame, default, plain.Length)); // what failed before leaves the pooled context clean
    }
}
