namespace Savepoint.Workspaces.Ignore;

/// <summary>
/// One line of an ignore file, compiled: fixed bytes, then a glob. Immutable and thread-safe.
/// </summary>
/// <remarks>
/// The split into fixed bytes and glob is git's own, and it shows: in <c>foo**/bar</c> the glob that is left,
/// <c>**/bar</c>, stands at its beginning, so that git ignores <c>foobar</c> and <c>foox/y/bar</c>. If case is ignored,
/// names are expected in lower case.
/// </remarks>
internal sealed class IgnorePattern
{
    private readonly byte[] _fixed;
    private readonly WildMatch? _glob;

    private IgnorePattern(byte[] fixedBytes, WildMatch? glob)
    {
        _fixed = fixedBytes;
        _glob = glob;
    }

    /// <summary>How the pattern can be looked up.</summary>
    public enum Shape
    {
        /// <summary>Equals <see cref="Key"/>.</summary>
        Literal,

        /// <summary>Ends in <see cref="Key"/>: <c>*.o</c>.</summary>
        Suffix,

        /// <summary>Has to be matched one by one, with <see cref="IsMatch"/>.</summary>
        Glob,
    }

    /// <summary>How the pattern can be looked up.</summary>
    public Shape Form { get; private init; }

    /// <summary>The bytes to look up, of a <see cref="Shape.Literal"/> or <see cref="Shape.Suffix"/>.</summary>
    public byte[] Key => _fixed;

    /// <summary>Begins with <c>!</c>: what it matches is taken in again.</summary>
    public bool IsNegative { get; private init; }

    /// <summary>Ends in a slash: it speaks of directories alone.</summary>
    public bool IsDirectoryOnly { get; private init; }

    /// <summary>Has no other slash: it is compared with the last segment, at any depth, not with the path from the file's directory.</summary>
    public bool IsNameOnly { get; private init; }

    /// <summary>The bytes that a match can begin with.</summary>
    public ByteSet FirstBytes { get; private init; }

    /// <summary>Compiles one line, which has neither line end nor NUL and is no comment.</summary>
    /// <returns>Null if the line can match nothing.</returns>
    public static IgnorePattern? Parse(ReadOnlySpan<byte> line, bool ignoreCase)
    {
        var isNegative = !line.IsEmpty && line[0] == '!';
        line = isNegative ? line[1..] : line;
        var isDirectoryOnly = !line.IsEmpty && line[^1] == '/';
        line = isDirectoryOnly ? line[..^1] : line;
        var isNameOnly = !line.Contains((byte)'/');
        if (!isNameOnly && line[0] == '/')
        {
            line = line[1..];
        }

        if (line.IsEmpty)
        {
            return null;
        }

        var special = line.IndexOfAny("*?[\\"u8);
        var isSuffix = isNameOnly && special == 0 && line[0] == '*' && !line[1..].ContainsAny("*?[\\"u8);
        var isLiteral = special < 0;
        var key = (isLiteral ? line : isSuffix ? line[1..] : line[..special]).ToArray();
        var glob = isLiteral || isSuffix ? null : WildMatch.Compile(line[special..], ignoreCase);
        if (glob is null && !isLiteral && !isSuffix)
        {
            return null;
        }

        if (ignoreCase)
        {
            AsciiCase.ToLowerInPlace(key);
        }

        return new IgnorePattern(key, glob)
        {
            Form = isLiteral ? Shape.Literal : isSuffix ? Shape.Suffix : Shape.Glob,
            IsNegative = isNegative,
            IsDirectoryOnly = isDirectoryOnly,
            IsNameOnly = isNameOnly,
            FirstBytes = isSuffix ? ByteSet.All : key.Length > 0 ? ByteSet.Of(key[0]) : glob!.FirstBytes,
        };
    }

    /// <summary>
    /// Whether the pattern matches <paramref name="text"/>: the last segment if <see cref="IsNameOnly"/>, else the path
    /// from the directory of the ignore file. Does not look at <see cref="IsDirectoryOnly"/>.
    /// </summary>
    public bool IsMatch(ReadOnlySpan<byte> text) => Form switch
    {
        Shape.Literal => text.SequenceEqual(_fixed),
        Shape.Suffix => text.EndsWith(_fixed),
        _ => text.StartsWith(_fixed) && _glob!.IsMatch(text[_fixed.Length..]),
    };
}
