namespace Savepoint.Diffs;

/// <summary>What a hunk does with a line. The values are the bytes that begin such a line in a patch.</summary>
public enum HunkLineKind
{
    /// <summary>It stands on both sides.</summary>
    Context = ' ',

    /// <summary>It goes.</summary>
    Deleted = '-',

    /// <summary>It comes.</summary>
    Added = '+',
}

/// <summary>One line of a hunk.</summary>
public readonly ref struct HunkLine
{
    internal HunkLine(HunkLineKind kind, ReadOnlySpan<byte> content)
    {
        Kind = kind;
        Content = content;
    }

    /// <summary>What happens to it.</summary>
    public HunkLineKind Kind { get; }

    /// <summary>Its bytes, with its LF unless it is a file's last line without one.</summary>
    public ReadOnlySpan<byte> Content { get; }
}

/// <summary>Walks over a hunk's lines; use it in <c>foreach</c>.</summary>
public ref struct HunkLines
{
    /// <summary>What follows a last line without LF.</summary>
    internal static ReadOnlySpan<byte> NoNewlineMarker => "\\ No newline at end of file\n"u8;

    private ReadOnlySpan<byte> _rest;

    internal HunkLines(ReadOnlySpan<byte> body) => _rest = body;

    /// <summary>The current line.</summary>
    public HunkLine Current { get; private set; }

    /// <summary>Itself.</summary>
    public readonly HunkLines GetEnumerator() => this;

    /// <summary>Goes to the next line; false at the end.</summary>
    public bool MoveNext()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        var kind = (HunkLineKind)_rest[0];
        var end = _rest.IndexOf((byte)'\n') + 1;
        var content = _rest[1..end];
        _rest = _rest[end..];
        if (!_rest.IsEmpty && _rest[0] == '\\')
        {
            content = content[..^1];
            _rest = _rest[(_rest.IndexOf((byte)'\n') + 1)..];
        }

        Current = new HunkLine(kind, content);
        return true;
    }
}
