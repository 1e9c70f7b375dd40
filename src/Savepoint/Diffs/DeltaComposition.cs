using System.Buffers;

namespace Savepoint.Diffs;

/// <summary>Joins two deltas, old → middle → new, without any of the three contents: each copy from the middle becomes what the first delta put there.</summary>
internal static class DeltaComposition
{
    /// <exception cref="ArgumentException">The second does not start from what the first gives, or one is damaged.</exception>
    public static byte[] Join(ReadOnlySpan<byte> first, ReadOnlySpan<byte> then)
    {
        var segments = Segments(first, out var oldSize, out var middleSize);
        if (!BinaryDelta.TryReadSize(ref then, out var expected) || expected != middleSize || !BinaryDelta.TryReadSize(ref then, out var newSize))
        {
            throw Mismatch();
        }

        var joined = new ArrayBufferWriter<byte>();
        BinaryDelta.WriteSize(joined, oldSize);
        BinaryDelta.WriteSize(joined, newSize);
        while (!then.IsEmpty)
        {
            if (!BinaryDelta.TryReadInstruction(ref then, out var offset, out var length, out var inserted) || offset + length > middleSize)
            {
                throw Mismatch();
            }

            if (inserted.IsEmpty)
            {
                Copy(segments, offset, length, first, joined);
            }
            else
            {
                BinaryDelta.WriteInsertion(joined, inserted);
            }
        }

        return joined.WrittenSpan.ToArray();
    }

    public static ArgumentException Mismatch() => new("The patches do not follow each other: a binary part expects other content.");

    /// <summary>What each part of the middle is made of: old bytes, or bytes that stand in the delta itself.</summary>
    private static List<Segment> Segments(ReadOnlySpan<byte> delta, out long oldSize, out long middleSize)
    {
        var all = delta;
        middleSize = 0;
        if (!BinaryDelta.TryReadSize(ref delta, out oldSize) || !BinaryDelta.TryReadSize(ref delta, out middleSize))
        {
            throw Mismatch();
        }

        var segments = new List<Segment>();
        var position = 0L;
        while (!delta.IsEmpty)
        {
            if (!BinaryDelta.TryReadInstruction(ref delta, out var offset, out var length, out var inserted))
            {
                throw Mismatch();
            }

            segments.Add(inserted.IsEmpty
                ? new Segment(position, length, IsCopy: true, offset)
                : new Segment(position, length, IsCopy: false, all.Length - delta.Length - length));
            position += length;
        }

        return position == middleSize ? segments : throw Mismatch();
    }

    private static void Copy(List<Segment> segments, long offset, int length, ReadOnlySpan<byte> first, ArrayBufferWriter<byte> joined)
    {
        for (var i = IndexOf(segments, offset); length > 0; i++)
        {
            var segment = segments[i];
            var skip = offset - segment.Start;
            var count = (int)Math.Min(length, segment.Length - skip);
            var source = (int)(segment.Source + skip);
            if (segment.IsCopy)
            {
                BinaryDelta.WriteCopy(joined, source, count);
            }
            else
            {
                BinaryDelta.WriteInsertion(joined, first.Slice(source, count));
            }

            (offset, length) = (offset + count, length - count);
        }
    }

    private static int IndexOf(List<Segment> segments, long offset)
    {
        var (low, high) = (0, segments.Count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = segments[middle].Start <= offset ? (middle, high) : (low, middle - 1);
        }

        return low;
    }

    private readonly record struct Segment(long Start, int Length, bool IsCopy, long Source);
}
