namespace Savepoint.Workspaces.Ignore;

/// <summary>Reads the lines of an ignore file as git does.</summary>
/// <remarks>
/// A byte order mark at the beginning is skipped; a line ends at LF, and one CR before it belongs to the line end;
/// blanks (not tabs) at the end are dropped unless a backslash precedes them; <c>#</c> begins a comment; a NUL ends the
/// line's text, since git reads it as a C string.
/// </remarks>
internal static class IgnoreFile
{
    /// <summary>The name of git's ignore files.</summary>
    public static ReadOnlySpan<byte> GitName => ".gitignore"u8;

    /// <summary>The name of our own, stronger than git's beside it.</summary>
    public static ReadOnlySpan<byte> SavepointName => ".savepointignore"u8;

    /// <summary>Larger files count as empty: git's own limit on pattern files (<c>PATTERN_MAX_FILE_SIZE</c> in its dir.c).</summary>
    public const int MaxLengthBytes = 100 * 1024 * 1024;

    /// <summary>Adds the file's patterns to <paramref name="patterns"/>, in their order.</summary>
    public static void Parse(ReadOnlySpan<byte> content, bool ignoreCase, List<IgnorePattern> patterns)
    {
        if (content.Length > MaxLengthBytes)
        {
            return;
        }

        var rest = content.StartsWith("\uFEFF"u8) ? content[3..] : content;
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (IgnorePattern.Parse(Text(line), ignoreCase) is { } pattern)
            {
                patterns.Add(pattern);
            }
        }
    }

    /// <summary>What of a line is pattern; empty for a comment.</summary>
    private static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty || line[0] == '#')
        {
            return default;
        }

        line = line[^1] == '\r' ? line[..^1] : line;
        var nul = line.IndexOf((byte)0);
        return WithoutTrailingBlanks(nul < 0 ? line : line[..nul]);
    }

    private static ReadOnlySpan<byte> WithoutTrailingBlanks(ReadOnlySpan<byte> text)
    {
        var end = text.Length;
        while (end > 0 && text[end - 1] == ' ')
        {
            end--;
        }

        // The first blank is kept if a backslash escapes it: one that is not escaped itself.
        var backslashCount = 0;
        while (backslashCount < end && text[end - 1 - backslashCount] == '\\')
        {
            backslashCount++;
        }

        return end < text.Length && backslashCount % 2 == 1 ? text[..(end + 1)] : text[..end];
    }
}
