namespace Savepoint.Cli.ConfigText;

/// <summary>
/// Takes values out of a JSON text, with the commas and lines that go with them, and with the objects and arrays that held
/// nothing else. Comments stay, but for those within what is taken out.
/// </summary>
internal sealed class JsonRemoval
{
    private readonly JsonText _text;
    private readonly Predicate<JsonSpan> _isToGo;
    private readonly List<(int Start, int End)> _ranges = [];

    private JsonRemoval(JsonText text, Predicate<JsonSpan> isToGo)
    {
        _text = text;
        _isToGo = isToGo;
    }

    /// <summary>The text without the values that <paramref name="isToGo"/> names; the root stays.</summary>
    public static byte[] Remove(JsonText text, Predicate<JsonSpan> isToGo)
    {
        var removal = new JsonRemoval(text, isToGo);
        if (text.Root is not null)
        {
            removal.RemoveWithin(text.Root);
        }

        return TextEdit.Remove(text.Bytes, removal._ranges);
    }

    /// <summary>Whether nothing remains of this value, so that it goes as a whole.</summary>
    private bool IsGone(JsonSpan span) => _isToGo(span) || (span.Children.Count > 0 && span.Children.TrueForAll(IsGone) && !HasComment(span));

    /// <summary>Whether a comment stands between the children of an object or array: somebody wrote that.</summary>
    private bool HasComment(JsonSpan container)
    {
        var gap = container.ValueStart + 1;
        foreach (var child in container.Children)
        {
            if (_text.Bytes.AsSpan(gap..child.Start).Contains((byte)'/'))
            {
                return true;
            }

            gap = child.End;
        }

        return _text.Bytes.AsSpan(gap..container.End).Contains((byte)'/');
    }

    private void RemoveWithin(JsonSpan container)
    {
        var children = container.Children;
        JsonSpan? kept = null;
        for (var i = 0; i < children.Count; i++)
        {
            if (!IsGone(children[i]))
            {
                kept = children[i];
                RemoveWithin(kept);
                continue;
            }

            var gap = i == 0 ? container.ValueStart + 1 : _text.CommaAfter(children[i - 1])!.Value + 1;
            var first = children[i];
            while (i + 1 < children.Count && IsGone(children[i + 1]) && EndWithComma(children[i]) is { } end && IsBlank(end, children[i + 1].Start))
            {
                i++;
            }

            RemoveRun(gap, first, children[i]);
        }

        // The last one that stays has a comma behind it that parted it from what went, unless the last had one of its own.
        if (kept is not null && kept != children[^1] && _text.CommaAfter(children[^1]) is null)
        {
            var comma = _text.CommaAfter(kept)!.Value;
            _ranges.Add((comma, comma + 1));
        }
    }

    /// <summary>Removes neighbours between which nothing stands but commas and white space.</summary>
    private void RemoveRun(int gap, JsonSpan first, JsonSpan last)
    {
        var end = EndWithComma(last) ?? last.End;
        if (end == last.End && _text.CommaAfter(last) is { } comma)
        {
            _ranges.Add((comma, comma + 1));
        }

        // With it goes the line break before it; or, where that ends the line of a comment, the one behind it.
        var start = gap + _text.Bytes.AsSpan(gap..first.Start).LastIndexOfAnyExcept((byte)' ', (byte)'\t') + 1;
        var isFirstOnLine = start > gap && _text.Bytes[start - 1] == (byte)'\n';
        if (isFirstOnLine && IsBlank(gap, start))
        {
            start -= start - 2 >= gap && _text.Bytes[start - 2] == (byte)'\r' ? 2 : 1;
        }
        else if (isFirstOnLine && RestOfLine(end) is { } lineEnd)
        {
            end = lineEnd;
        }

        _ranges.Add((start, end));
    }

    /// <summary>The end of a value with its comma; null if it has none, or a comment stands before it.</summary>
    private int? EndWithComma(JsonSpan child) => _text.CommaAfter(child) is { } comma && IsBlank(child.End, comma) ? comma + 1 : null;

    private bool IsBlank(int start, int end) => _text.Bytes.AsSpan(start..end).IndexOfAnyExcept(" \t\r\n"u8) < 0;

    /// <summary>The offset behind the line's end, if nothing but blanks stands before that; null otherwise.</summary>
    private int? RestOfLine(int at)
    {
        var line = _text.Bytes.AsSpan(at).IndexOf((byte)'\n');
        return line >= 0 && IsBlank(at, at + line) ? at + line + 1 : null;
    }
}
