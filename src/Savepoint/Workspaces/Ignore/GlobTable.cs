namespace Savepoint.Workspaces.Ignore;

/// <summary>The patterns of a list that have to be tried one by one, by the bytes that a match can begin with. Immutable and thread-safe.</summary>
internal sealed class GlobTable
{
    /// <summary>Up to so many globs, trying them all costs less than a table of 256 rows is worth: most ignore files have fewer.</summary>
    private const int SmallCount = 8;

    private readonly IgnorePattern[] _patterns;
    private readonly int[] _lastFirst;
    private readonly int[][]? _byFirstByte;

    /// <summary>Takes the patterns of these numbers.</summary>
    /// <param name="patterns">All patterns of the list.</param>
    /// <param name="indices">The numbers of those that belong here, ascending.</param>
    public GlobTable(IgnorePattern[] patterns, IEnumerable<int> indices)
    {
        _patterns = patterns;
        _lastFirst = [.. indices.Reverse()];
        if (_lastFirst.Length > SmallCount)
        {
            _byFirstByte = new int[256][];
            for (var value = 0; value < 256; value++)
            {
                _byFirstByte[value] = Array.FindAll(_lastFirst, i => patterns[i].FirstBytes.Contains((byte)value));
            }
        }
    }

    /// <summary>The number of the last pattern that matches, or <paramref name="floor"/> if that is higher.</summary>
    public int Find(ReadOnlySpan<byte> text, bool isDirectory, int floor)
    {
        foreach (var i in _byFirstByte is null ? _lastFirst : _byFirstByte[text[0]])
        {
            if (i < floor)
            {
                break;
            }

            var pattern = _patterns[i];
            if ((isDirectory || !pattern.IsDirectoryOnly) && pattern.IsMatch(text))
            {
                return i;
            }
        }

        return floor;
    }
}
