using System.Buffers;

namespace Savepoint.Diffs;

/// <summary>Applies the hunks of one file, in order, to its content.</summary>
internal ref struct HunkApplication
{
    private readonly ReadOnlySpan<byte> _content;
    private readonly int _maxOffset;
    private readonly ArrayBufferWriter<byte> _result;
    private int[]? _lineStarts; // only when a hunk has to be searched for
    private int _line; // the next line not yet dealt with, and where it begins
    private int _position;
    private int _drift; // how far the hunk before was from its place

    public HunkApplication(ReadOnlySpan<byte> content, int maxOffsetLineCount)
    {
        _content = content;
        _maxOffset = maxOffsetLineCount;
        _result = new ArrayBufferWriter<byte>(content.Length + 256);
    }

    /// <summary>The largest distance from its place at which a hunk was found.</summary>
    public int LargestOffset { get; private set; }

    /// <summary>Applies one hunk; false if its lines are not where they may be.</summary>
    public bool TryApply(Hunk hunk)
    {
        var old = hunk.OldBytes();
        var added = hunk.NewBytes();
        if (!TryFind(hunk, old, added, out var line, out var start))
        {
            return false;
        }

        _drift = line - hunk.OldStart;
        LargestOffset = Math.Max(LargestOffset, Math.Abs(_drift));
        _result.Write(_content[_position..start]);
        _result.Write(added);
        _line = line + hunk.OldCount;
        _position = start + old.Length;
        return true;
    }

    /// <summary>The content with all hunks applied.</summary>
    public readonly byte[] Finish()
    {
        _result.Write(_content[_position..]);
        return _result.WrittenSpan.ToArray();
    }

    private bool TryFind(Hunk hunk, ReadOnlySpan<byte> old, ReadOnlySpan<byte> added, out int line, out int start)
    {
        // One without any context says nothing by ending without it (git takes it with --unidiff-zero); one that may not move is of the very content.
        line = (int)Math.Clamp((long)hunk.OldStart + _drift, 0, int.MaxValue);
        if (TryLineStart(line, out start) && Fits(old, added, start) && (_maxOffset == 0 || !hunk.HasContext || KeepsAnchors(hunk, line, start + old.Length)))
        {
            return true;
        }

        // Lines that are only added fit anywhere, so searching for them means nothing.
        return _maxOffset > 0 && !old.IsEmpty && TrySearch(hunk, old, added, ref line, out start);
    }

    private bool TrySearch(Hunk hunk, ReadOnlySpan<byte> old, ReadOnlySpan<byte> added, ref int line, out int start)
    {
        _lineStarts ??= LineStarts(_content);
        var last = _lineStarts.Length - 1;
        var expected = Math.Clamp(line, _line, Math.Max(last, _line));
        var farthest = (int)Math.Min(Math.Max((long)expected - _line, (long)last - expected), _maxOffset);
        for (var distance = 0; distance <= farthest; distance++)
        {
            foreach (var candidate in (ReadOnlySpan<int>)[expected - distance, expected + distance])
            {
                if (candidate >= _line && candidate <= last && Math.Abs((long)candidate - hunk.OldStart) <= _maxOffset
                    && Fits(old, added, _lineStarts[candidate]) && KeepsAnchors(hunk, candidate, _lineStarts[candidate] + old.Length))
                {
                    (line, start) = (candidate, _lineStarts[candidate]);
                    return true;
                }
            }
        }

        start = 0;
        return false;
    }

    /// <summary>As in git: a hunk that began at the first line, or ended without context at the last, must still do so.</summary>
    private readonly bool KeepsAnchors(Hunk hunk, int line, int end) =>
        (hunk.OldStart > 0 || line == 0) && (hunk.EndsWithContext || end == _content.Length);

    /// <summary>Whether the expected lines stand here, and a line without LF, before or after, only at the content's end.</summary>
    private readonly bool Fits(ReadOnlySpan<byte> old, ReadOnlySpan<byte> added, int start)
    {
        var end = start + old.Length;
        return _content[start..].StartsWith(old)
            && (end == _content.Length || ((old.IsEmpty || old[^1] == '\n') && (added.IsEmpty || added[^1] == '\n')));
    }

    /// <summary>Where a line at or after the current one begins; the line after the last one counts if the last has its LF.</summary>
    private readonly bool TryLineStart(int line, out int start)
    {
        start = _position;
        for (var at = _line; at < line; at++)
        {
            var end = _content[start..].IndexOf((byte)'\n');
            if (end < 0)
            {
                return false;
            }

            start += end + 1;
        }

        return line >= _line && (start == 0 || _content[start - 1] == '\n');
    }

    private static int[] LineStarts(ReadOnlySpan<byte> content)
    {
        var starts = new int[LineDiff.CountLines(content)];
        for (int i = 0, start = 0; i < starts.Length; i++)
        {
            starts[i] = start;
            start += content[start..].IndexOf((byte)'\n') + 1;
        }

        return starts;
    }
}
