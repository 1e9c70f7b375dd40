namespace Savepoint.Diffs;

/// <summary>One side's lines while two contents are compared: where each begins, its number, whether it changed.</summary>
internal sealed class LineSide(int count)
{
    /// <summary>How many lines there are.</summary>
    public int Count { get; } = count;

    /// <summary>Where each line begins, in bytes, and last the end of the content.</summary>
    public int[] Starts { get; } = GC.AllocateUninitializedArray<int>(count + 1);

    /// <summary>Each line's number: equal lines have equal numbers, on both sides.</summary>
    public int[] Numbers { get; } = GC.AllocateUninitializedArray<int>(count);

    /// <summary>Which lines the other side does not have in this place. One more than there are lines, and that one false.</summary>
    public bool[] Changed { get; } = new bool[count + 1];

    /// <summary>The line's bytes, its LF included.</summary>
    public ReadOnlySpan<byte> Line(ReadOnlySpan<byte> content, int index) => content[Starts[index]..Starts[index + 1]];

    /// <summary>
    /// The lines that could be equal to one of the other side, their numbers and where they stand; all others are marked
    /// as changed here and now.
    /// </summary>
    public (int[] Numbers, int[] Indexes) KeepShared(ReadOnlySpan<bool> isShared)
    {
        var kept = 0;
        var numbers = GC.AllocateUninitializedArray<int>(Count);
        var indexes = GC.AllocateUninitializedArray<int>(Count);
        for (var i = 0; i < Count; i++)
        {
            var number = Numbers[i];
            if (number < isShared.Length && isShared[number])
            {
                numbers[kept] = number;
                indexes[kept++] = i;
            }
            else
            {
                Changed[i] = true;
            }
        }

        return (numbers[..kept], indexes[..kept]);
    }
}
