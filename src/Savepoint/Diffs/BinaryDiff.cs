using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;

namespace Savepoint.Diffs;

/// <summary>
/// Makes binary payloads. A delta is found as rsync and git find theirs: every aligned block of the base is indexed by its
/// bytes, every position of the target looked up, a hit stretched both ways.
/// </summary>
internal static class BinaryDiff
{
    private const int BlockBytes = 16;

    // A literal is deflated when written, a delta hardly shrinks: below a quarter of the content it wins for certain.
    private const int WorthwhileFraction = 4;

    /// <summary>Both directions between two contents, each as a delta where that is much smaller and both sides are binary.</summary>
    public static BinaryPatch Between(byte[] before, byte[] after)
    {
        // With a text on one side, hunks made for it elsewhere meet this patch when they are composed, and then the whole
        // content is needed. Of very large files the index would take half the base's size in memory.
        var mayUseDelta = BinaryPatch.IsBinary(before) && BinaryPatch.IsBinary(after)
            && Math.Max(before.Length, after.Length) <= PatchOptions.MaxTextBytes;
        return new BinaryPatch(Payload(before, after, mayUseDelta), Payload(after, before, mayUseDelta));
    }

    /// <summary>A delta from <paramref name="from"/> to <paramref name="to"/>; null once it is sure to exceed <paramref name="limitBytes"/>.</summary>
    public static byte[]? TryDelta(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, int limitBytes)
    {
        var blocks = Index(from);
        var delta = new ArrayBufferWriter<byte>();
        BinaryDelta.WriteSize(delta, from.Length);
        BinaryDelta.WriteSize(delta, to.Length);
        var pending = 0; // where the bytes begin that no copy gives
        for (var i = 0; i + BlockBytes <= to.Length;)
        {
            if (!TryMatch(from, to, i, pending, blocks, out var start, out var fromStart, out var length))
            {
                i++;
                if (delta.WrittenCount + i - pending > limitBytes)
                {
                    return null;
                }

                continue;
            }

            BinaryDelta.WriteInsertion(delta, to[pending..start]);
            BinaryDelta.WriteCopy(delta, fromStart, length);
            pending = i = start + length;
        }

        BinaryDelta.WriteInsertion(delta, to[pending..]);
        return delta.WrittenCount <= limitBytes ? delta.WrittenSpan.ToArray() : null;
    }

    private static BinaryPayload Payload(byte[] from, byte[] to, bool mayUseDelta) =>
        mayUseDelta && TryDelta(from, to, to.Length / WorthwhileFraction) is { } delta
            ? new BinaryPayload(BinaryPayloadKind.Delta, delta)
            : new BinaryPayload(BinaryPayloadKind.Literal, to);

    /// <summary>By hash: a block's offset + 1. Of blocks that share a slot the first stays, which bounds every look-up.</summary>
    private static int[] Index(ReadOnlySpan<byte> from)
    {
        var blocks = new int[BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, from.Length / BlockBytes * 2))];
        for (var i = 0; i + BlockBytes <= from.Length; i += BlockBytes)
        {
            ref var slot = ref blocks[Slot(from[i..], blocks.Length)];
            slot = slot == 0 ? i + 1 : slot;
        }

        return blocks;
    }

    private static bool TryMatch(
        ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, int at, int pending, int[] blocks, out int start, out int fromStart, out int length)
    {
        (start, fromStart, length) = (at, blocks[Slot(to[at..], blocks.Length)] - 1, 0);
        if (fromStart < 0 || !from[fromStart..].StartsWith(to.Slice(at, BlockBytes)))
        {
            return false;
        }

        length = from[fromStart..].CommonPrefixLength(to[at..]);
        while (start > pending && fromStart > 0 && to[start - 1] == from[fromStart - 1])
        {
            (start, fromStart, length) = (start - 1, fromStart - 1, length + 1);
        }

        return true;
    }

    private static int Slot(ReadOnlySpan<byte> block, int slotCount)
    {
        const ulong Multiplier = 0x9E3779B97F4A7C15; // Knuth's multiplicative hashing, the golden ratio's fraction
        var folded = (BinaryPrimitives.ReadUInt64LittleEndian(block) * Multiplier) ^ BinaryPrimitives.ReadUInt64LittleEndian(block[8..]);
        return (int)((folded * Multiplier) >> (64 - BitOperations.Log2((uint)slotCount)));
    }
}
