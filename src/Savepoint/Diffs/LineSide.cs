using System.Buffers;

namespace Savepoint.Diffs;

/// <summary>
/// One side's lines while two contents are compared: where each begins, its number, whether it changed. The arrays are
/// rented, so longer than needed: for large files, fresh memory would cost more than the comparison.
/// </summary>
internal sealed class LineSide : IDisposable
{
    private KeptLines _kept;

    /// <summary>Room for this many lines, none changed.</summary>
    public LineSide(int count)
    {
        Count = count;
        Starts = ArrayPool<int>.Shared.Rent(count + 1);
        Numbers = ArrayPool<int>.Shared.Rent(count);
        Changed = ArrayPool<bool>.Shared.Rent(count + 1);
        Changed.AsSpan(0, count + 1).Clear();
    }

    /// <summary>How many lines there are.</summary>
    public int Count { get; }

    /// <summary>Where each line begins, in bytes, and last the end of the content.</summary>
    public int[] Starts { get; }

    /// <summary>Each line's number: equal lines have equal numbers, on both sides.</summary>
    public int[] Numbers { get; }

    /// <summary>Which lines the other side does not have in this place. One more than there are lines, and that one false.</summary>
    public bool[] Changed { get; }

    /// <summary>The line's bytes, its LF included.</summary>
    public ReadOnlySpan<byte> Line(ReadOnlySpan<byte> content, int index) => content[Starts[index]..Starts[index + 1]];

    /// <summary>
    /// The lines that could be equal to one of the other side, their numbers and where they stand; all others are marked
    /// as changed here and now. Called once.
    /// </summary>
    public KeptLines KeepShared(ReadOnlySpan<bool> isShared)
    {
        var kept = 0;
        var numbers = ArrayPool<int>.Shared.Rent(Count);
        var indexes = ArrayPool<int>.Shared.Rent(Count);
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

        _kept = new KeptLines(numbers, indexes, kept);
        return _kept;
    }

    /// <summary>Gives the arrays back; they may not be used afterwards.</summary>
    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(Starts);
        ArrayPool<int>.Shared.Return(Numbers);
        ArrayPool<bool>.Shared.Return(Changed);
        if (_kept.Numbers is not null)
        {
            ArrayPool<int>.Shared.Return(_kept.Numbers);
            ArrayPool<int>.Shared.Return(_kept.Indexes);
        }
    }
}

/// <summary>The first <paramref name="Count"/> of these: the lines still to be compared.</summary>
/// <param name="Numbers">Each line's number.</param>
/// <param name="Indexes">Where it stands on its side.</param>
/// <param name="Count">How many there are; the arrays may be longer.</param>
internal readonly record struct KeptLines(int[] Numbers, int[] Indexes, int Count);
