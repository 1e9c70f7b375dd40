namespace Savepoint.Workspaces.Ignore;

/// <summary>
/// The patterns of a list that are plain bytes, by these bytes: for each, the number of the last pattern that has them.
/// Immutable once built, thread-safe from then on.
/// </summary>
internal sealed class PatternTable
{
    private readonly Dictionary<byte[], Latest> _byKey = new(ByteKeyComparer.Instance);
    private readonly Dictionary<byte[], Latest>.AlternateLookup<ReadOnlySpan<byte>> _lookup;
    private readonly SortedSet<int> _distinctLengths = [];
    private int[] _lengths = [];
    private ulong _lengthBits;
    private ByteSet _lastBytes = ByteSet.None;

    public PatternTable() => _lookup = _byKey.GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <summary>Takes pattern <paramref name="index"/>; to be called in the list's order.</summary>
    public void Add(int index, IgnorePattern pattern)
    {
        var latest = _byKey.GetValueOrDefault(pattern.Key, Latest.None);
        _byKey[pattern.Key] = new(index, pattern.IsDirectoryOnly ? latest.OfAnyKind : index);
        _lastBytes = pattern.Key.Length == 0 ? ByteSet.All : _lastBytes.With(pattern.Key[^1]);
        if (_distinctLengths.Add(pattern.Key.Length))
        {
            _lengths = [.. _distinctLengths];
            _lengthBits |= LengthBit(pattern.Key.Length);
        }
    }

    /// <summary>The number of the last pattern with these bytes, or -1.</summary>
    public int FindEqual(ReadOnlySpan<byte> text, bool isDirectory) =>
        (_lengthBits & LengthBit(text.Length)) != 0 && _lastBytes.Contains(text[^1]) && _lookup.TryGetValue(text, out var latest)
            ? latest.For(isDirectory)
            : -1;

    /// <summary>The number of the last pattern whose bytes <paramref name="text"/> ends in, or -1.</summary>
    public int FindSuffix(ReadOnlySpan<byte> text, bool isDirectory)
    {
        var found = -1;
        if (!_lastBytes.Contains(text[^1]))
        {
            return found;
        }

        foreach (var length in _lengths)
        {
            if (length > text.Length)
            {
                break;
            }

            if (_lookup.TryGetValue(text[^length..], out var latest))
            {
                found = Math.Max(found, latest.For(isDirectory));
            }
        }

        return found;
    }

    // Lengths past 63 share a bit: like the last bytes, the mask only spares look-ups that cannot succeed.
    private static ulong LengthBit(int length) => 1UL << Math.Min(length, 63);

    /// <summary>The last pattern that speaks of directories, and the last that speaks of entries of any kind; -1 for none.</summary>
    private readonly record struct Latest(int OfDirectories, int OfAnyKind)
    {
        public static Latest None => new(-1, -1);

        public int For(bool isDirectory) => isDirectory ? OfDirectories : OfAnyKind;
    }
}
