using System.Buffers;
using System.Numerics;

namespace Savepoint.Diffs;

/// <summary>
/// Gives equal lines of two contents equal numbers, so that comparing lines is comparing integers. Only the old content's
/// lines enter the hash table: a new line that is not found there has no partner. Numbers below
/// <see cref="DistinctCount"/> are old lines'; partnerless new lines share the number <see cref="DistinctCount"/>.
/// </summary>
internal sealed class LineNumbering : IDisposable
{
    private readonly ulong[] _slots; // 0 for empty, else the hash's upper half and, below it, number + 1
    private readonly int _slotMask;
    private readonly int[] _firstOld; // by number: the first old line that has it
    private readonly bool[] _isShared; // by number: whether a new line has it too

    private LineNumbering(int oldCount, int newCount)
    {
        var slotCount = (int)BitOperations.RoundUpToPowerOf2((uint)oldCount * 2);
        _slotMask = slotCount - 1;
        _slots = ArrayPool<ulong>.Shared.Rent(slotCount);
        _slots.AsSpan(0, slotCount).Clear();
        _firstOld = ArrayPool<int>.Shared.Rent(oldCount);
        _isShared = ArrayPool<bool>.Shared.Rent(oldCount);
        _isShared.AsSpan(0, oldCount).Clear();
        Old = new LineSide(oldCount);
        New = new LineSide(newCount);
    }

    public LineSide Old { get; }

    public LineSide New { get; }

    /// <summary>How many different lines the old content has.</summary>
    public int DistinctCount { get; private set; }

    /// <summary>By number: whether both contents have such a line.</summary>
    public ReadOnlySpan<bool> IsShared => _isShared.AsSpan(0, DistinctCount);

    /// <summary>Numbers the lines of both contents, whose counts are known.</summary>
    public static LineNumbering Of(ReadOnlySpan<byte> before, int oldCount, ReadOnlySpan<byte> after, int newCount)
    {
        var numbering = new LineNumbering(oldCount, newCount);
        numbering.NumberOld(before);
        numbering.NumberNew(before, after);
        return numbering;
    }

    /// <summary>Gives all arrays back, the two sides' too.</summary>
    public void Dispose()
    {
        ArrayPool<ulong>.Shared.Return(_slots);
        ArrayPool<int>.Shared.Return(_firstOld);
        ArrayPool<bool>.Shared.Return(_isShared);
        Old.Dispose();
        New.Dispose();
    }

    private void NumberOld(ReadOnlySpan<byte> content)
    {
        for (int i = 0, offset = 0; i < Old.Count; i++)
        {
            var line = FirstLine(content[offset..]);
            Old.Starts[i] = offset;
            offset += line.Length;
            Old.Starts[i + 1] = offset;
            var number = Find(content, line, out var slot, out var entry);
            if (number < 0)
            {
                number = DistinctCount++;
                _firstOld[number] = i;
                _slots[slot] = entry | (uint)(number + 1);
            }

            Old.Numbers[i] = number;
        }
    }

    private void NumberNew(ReadOnlySpan<byte> before, ReadOnlySpan<byte> content)
    {
        var expected = 0; // the old line after the one found last: in similar contents, nearly always the next match
        for (int i = 0, offset = 0; i < New.Count; i++)
        {
            var rest = content[offset..];
            int number, length;
            if (expected < Old.Count && StartsWithLine(rest, Old.Line(before, expected)))
            {
                length = Old.Starts[expected + 1] - Old.Starts[expected];
                number = Old.Numbers[expected++];
                _isShared[number] = true;
            }
            else
            {
                var line = FirstLine(rest);
                length = line.Length;
                number = Find(before, line, out _, out _);
                if (number >= 0)
                {
                    expected = _firstOld[number] + 1;
                    _isShared[number] = true;
                }
                else
                {
                    number = DistinctCount;
                }
            }

            New.Numbers[i] = number;
            New.Starts[i] = offset;
            offset += length;
            New.Starts[i + 1] = offset;
        }
    }

    private int Find(ReadOnlySpan<byte> before, ReadOnlySpan<byte> line, out int slot, out ulong entry)
    {
        var hash = LineHash.Of(line);
        entry = hash & 0xFFFFFFFF_00000000;
        slot = (int)hash & _slotMask;
        while (_slots[slot] != 0)
        {
            if ((_slots[slot] & 0xFFFFFFFF_00000000) == entry)
            {
                var number = (int)(uint)_slots[slot] - 1;
                if (Old.Line(before, _firstOld[number]).SequenceEqual(line))
                {
                    return number;
                }
            }

            slot = (slot + 1) & _slotMask;
        }

        return -1;
    }

    private static ReadOnlySpan<byte> FirstLine(ReadOnlySpan<byte> content)
    {
        var end = content.IndexOf((byte)'\n');
        return end < 0 ? content : content[..(end + 1)];
    }

    /// <summary>A line with its LF ends there in any content that starts with it; one without must be all of the content.</summary>
    private static bool StartsWithLine(ReadOnlySpan<byte> content, ReadOnlySpan<byte> line) =>
        content.StartsWith(line) && (line[^1] == '\n' || content.Length == line.Length);
}
