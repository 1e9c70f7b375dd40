namespace Savepoint.Workspaces.Ignore;

/// <summary>
/// Reads <c>[a-z]</c>, <c>[!a]</c>, <c>[^a]</c> and <c>[[:alpha:]]</c> as git's wildmatch reads them, into the set of
/// bytes they accept.
/// </summary>
/// <remarks>
/// Git's own reading, not POSIX's: ranges are by byte value, class names cover ASCII only, and white space is blank,
/// tab, line feed and carriage return. The text is expected in lower case when case is ignored, and then a range
/// accepts both cases while a single capital accepts nothing: git folds the text but not the expression.
/// </remarks>
internal ref struct BracketExpression
{
    private readonly ReadOnlySpan<byte> _pattern;
    private readonly bool _ignoreCase;
    private int _position;
    private ByteSet _set;

    private BracketExpression(ReadOnlySpan<byte> pattern, int position, bool ignoreCase)
    {
        _pattern = pattern;
        _position = position;
        _ignoreCase = ignoreCase;
    }

    /// <summary>Reads the expression whose <c>[</c> stands just before <paramref name="position"/>, and moves past its <c>]</c>.</summary>
    /// <returns>False if the expression does not end or names an unknown class: such a glob matches nothing.</returns>
    public static bool TryRead(ReadOnlySpan<byte> pattern, ref int position, bool ignoreCase, out ByteSet set)
    {
        var reader = new BracketExpression(pattern, position, ignoreCase);
        var isNegated = reader.At(0) is (byte)'!' or (byte)'^';
        reader._position += isNegated ? 1 : 0;
        if (!reader.TryReadMembers())
        {
            set = ByteSet.None;
            return false;
        }

        position = reader._position;
        set = (isNegated ? reader._set.Complement() : reader._set).Without((byte)'/');
        return true;
    }

    private bool TryReadMembers()
    {
        // A range needs a single byte before its hyphen: 0 says that a range or a class came last.
        byte previous = 0;
        do
        {
            var current = At(0);
            if (current == 0)
            {
                return false;
            }

            if (current == '-' && previous != 0 && At(1) != 0 && At(1) != ']')
            {
                _position++;
                if (!TryReadByte(out var last))
                {
                    return false;
                }

                AddRange(previous, last);
                previous = 0;
            }
            else if (current == '[' && At(1) == ':' && TryFindClassEnd(out var end))
            {
                if (!TryAddClass(_pattern[(_position + 2)..end]))
                {
                    return false;
                }

                _position = end + 2;
                previous = 0;
            }
            else if (TryReadByte(out previous))
            {
                _set = _set.With(previous);
            }
            else
            {
                return false;
            }
        }
        while (At(0) != ']');

        _position++;
        return true;
    }

    /// <summary>Finds the <c>:]</c> of a class; <c>[:</c> before a plain <c>]</c> is two ordinary members.</summary>
    private readonly bool TryFindClassEnd(out int end)
    {
        var bracket = _pattern[(_position + 2)..].IndexOf((byte)']');
        end = _position + 2 + bracket - 1;
        return bracket > 0 && _pattern[end] == ':';
    }

    /// <summary>Takes one byte, the one after a backslash if there is one.</summary>
    private bool TryReadByte(out byte value)
    {
        _position += At(0) == '\\' ? 1 : 0;
        value = At(0);
        _position++;
        return value != 0;
    }

    private readonly byte At(int offset) => _position + offset < _pattern.Length ? _pattern[_position + offset] : (byte)0;

    private void AddRange(byte first, byte last)
    {
        for (int value = first; value <= last; value++)
        {
            _set = _set.With((byte)value);
            if (_ignoreCase && value is >= 'A' and <= 'Z')
            {
                _set = _set.With((byte)(value | 0x20));
            }
        }
    }

    private bool TryAddClass(ReadOnlySpan<byte> name)
    {
        for (var value = 1; value < 128; value++)
        {
            if (IsMember(name, (char)value) is not { } isMember)
            {
                return false;
            }

            if (isMember)
            {
                _set = _set.With((byte)value);
            }
        }

        if (_ignoreCase && name.SequenceEqual("upper"u8))
        {
            AddRange((byte)'A', (byte)'Z');
        }

        return true;
    }

    private static bool? IsMember(ReadOnlySpan<byte> name, char value) => name switch
    {
        _ when name.SequenceEqual("alnum"u8) => char.IsAsciiLetterOrDigit(value),
        _ when name.SequenceEqual("alpha"u8) => char.IsAsciiLetter(value),
        _ when name.SequenceEqual("blank"u8) => value is ' ' or '\t',
        _ when name.SequenceEqual("cntrl"u8) => value is < ' ' or (char)127,
        _ when name.SequenceEqual("digit"u8) => char.IsAsciiDigit(value),
        _ when name.SequenceEqual("graph"u8) => value is > ' ' and < (char)127,
        _ when name.SequenceEqual("lower"u8) => char.IsAsciiLetterLower(value),
        _ when name.SequenceEqual("print"u8) => value is >= ' ' and < (char)127,
        _ when name.SequenceEqual("punct"u8) => value is > ' ' and < (char)127 && !char.IsAsciiLetterOrDigit(value),
        _ when name.SequenceEqual("space"u8) => value is ' ' or '\t' or '\n' or '\r',
        _ when name.SequenceEqual("upper"u8) => char.IsAsciiLetterUpper(value),
        _ when name.SequenceEqual("xdigit"u8) => char.IsAsciiHexDigit(value),
        _ => null,
    };
}
