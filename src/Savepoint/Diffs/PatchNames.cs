using Savepoint.Model;

namespace Savepoint.Diffs;

/// <summary>
/// The file names in a patch's headers: quoted or plain, behind <c>a/</c> and <c>b/</c> or another pair of prefixes, or
/// behind none.
/// </summary>
internal static class PatchNames
{
    /// <summary>
    /// The one name behind <c>diff --git</c>; null if there are two. Plain names with spaces are told apart by their
    /// being equal behind prefixes of equal length; for moves, other lines give the names.
    /// </summary>
    public static byte[]? OfGitLine(ReadOnlySpan<byte> names)
    {
        if (PathQuoting.TryUnquote(names, out var first, out var length))
        {
            return length < names.Length && PathQuoting.TryUnquote(names[(length + 1)..], out var second, out _) ? Common(first, second) : null;
        }

        var middle = names.Length / 2;
        return names.Length % 2 == 1 && names[middle] == ' ' ? Common(names[..middle].ToArray(), names[(middle + 1)..].ToArray()) : null;
    }

    /// <summary>The names on the <c>---</c> and <c>+++</c> lines at hand, prefixes included; null for a file that does not exist.</summary>
    public static (byte[]? Old, byte[]? New) OfHeaderLines(ref PatchLines lines)
    {
        var at = lines;
        lines.TryTake("--- "u8, out var before);
        var oldName = Name(before, at);
        at = lines;
        lines.TryTake("+++ "u8, out var after);
        var newName = Name(after, at);
        return (oldName, newName);
    }

    /// <summary>The path that two prefixed names mean: equal without or behind their first segments. Null if they mean two.</summary>
    public static byte[]? Common(byte[]? oldName, byte[]? newName)
    {
        if (oldName is null || newName is null)
        {
            var only = oldName ?? newName;
            var prefix = oldName is null ? "b/"u8 : "a/"u8;
            return only.AsSpan().StartsWith(prefix) ? only![2..] : only;
        }

        if (oldName.AsSpan().SequenceEqual(newName))
        {
            return oldName;
        }

        var oldRest = WithoutFirstSegment(oldName);
        return oldRest.SequenceEqual(WithoutFirstSegment(newName)) && !oldRest.IsEmpty ? oldRest.ToArray() : null;
    }

    /// <summary>A name alone on its line, quoted or plain.</summary>
    public static byte[] Unquoted(ReadOnlySpan<byte> text, PatchLines at)
    {
        if (!text.StartsWith("\""u8))
        {
            return text.ToArray();
        }

        return PathQuoting.TryUnquote(text, out var name, out _) ? name : throw at.Error("a quoted name is not closed, or has an unknown escape");
    }

    /// <summary>
    /// A plain name ends at a tab; <c>diff -N</c> gives what does not exist the Unix epoch as its date, which begins in
    /// 1970, or west of Greenwich in 1969.
    /// </summary>
    private static byte[]? Name(ReadOnlySpan<byte> text, PatchLines at)
    {
        var tab = text.IndexOf((byte)'\t');
        var isQuoted = text.StartsWith("\""u8);
        var name = Unquoted(tab < 0 || isQuoted ? text : text[..tab], at);
        var date = tab < 0 ? default : text[(tab + 1)..];
        var isAbsent = name.AsSpan().SequenceEqual("/dev/null"u8)
            || ((date.StartsWith("1970-01-01 "u8) || date.StartsWith("1969-12-31 "u8)) && date.Contains((byte)':'));
        return isAbsent ? null : name;
    }

    private static ReadOnlySpan<byte> WithoutFirstSegment(ReadOnlySpan<byte> name) => name[(name.IndexOf((byte)'/') + 1)..];
}
