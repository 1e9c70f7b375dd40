using System.Text;

namespace Savepoint.Model;

/// <summary>
/// Git's C-quoted form of a path: <c>"a\tb\303\244"</c>. It names any file name in printable ASCII, so it is what the
/// command line accepts and what diffs and terminals show (git-config, core.quotePath).
/// </summary>
public static class PathQuoting
{
    private const string EscapeLetters = "abtnvfr"; // for bytes 7 to 13

    /// <summary>The path as git prints it: as it stands when it is plain ASCII, otherwise quoted. Safe on a terminal.</summary>
    public static string Quote(ReadOnlySpan<byte> path)
    {
        if (!NeedsQuotes(path))
        {
            return Encoding.ASCII.GetString(path);
        }

        var quoted = new StringBuilder(path.Length + 8).Append('"');
        foreach (var b in path)
        {
            _ = b switch
            {
                >= 7 and <= 13 => quoted.Append('\\').Append(EscapeLetters[b - 7]),
                (byte)'"' or (byte)'\\' => quoted.Append('\\').Append((char)b),
                < 0x20 or >= 0x7f => quoted.Append('\\').Append((char)('0' + (b >> 6))).Append((char)('0' + ((b >> 3) & 7))).Append((char)('0' + (b & 7))),
                _ => quoted.Append((char)b),
            };
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>Reads text that is either plain (taken as UTF-8) or, if it starts with a double quote, C-quoted.</summary>
    /// <exception cref="FormatException">The quoting is not closed, or an escape is unknown.</exception>
    public static byte[] Unquote(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.StartsWith('"'))
        {
            return Encoding.UTF8.GetBytes(text);
        }

        var source = Encoding.UTF8.GetBytes(text);
        return TryUnquote(source, out var path, out var length) && length == source.Length
            ? path
            : throw new FormatException($"{text} is not a C-quoted path.");
    }

    /// <summary>Reads one C-quoted path at the start of <paramref name="source"/>; <paramref name="lengthBytes"/> is what it took, quotes included.</summary>
    public static bool TryUnquote(ReadOnlySpan<byte> source, out byte[] path, out int lengthBytes)
    {
        path = [];
        lengthBytes = 0;
        if (source.IsEmpty || source[0] != '"')
        {
            return false;
        }

        var bytes = new List<byte>(source.Length);
        for (var i = 1; i < source.Length; i++)
        {
            switch (source[i])
            {
                case (byte)'"':
                    path = [.. bytes];
                    lengthBytes = i + 1;
                    return true;
                case (byte)'\\' when TryUnescape(source[(i + 1)..], out var value, out var escapeLength):
                    bytes.Add(value);
                    i += escapeLength;
                    break;
                case (byte)'\\':
                    return false;
                default:
                    bytes.Add(source[i]);
                    break;
            }
        }

        return false;
    }

    private static bool TryUnescape(ReadOnlySpan<byte> escape, out byte value, out int length)
    {
        value = 0;
        length = 1;
        if (escape.IsEmpty)
        {
            return false;
        }

        var letter = EscapeLetters.IndexOf((char)escape[0], StringComparison.Ordinal);
        if (letter >= 0)
        {
            value = (byte)(letter + 7);
            return true;
        }

        if (escape[0] is (byte)'"' or (byte)'\\')
        {
            value = escape[0];
            return true;
        }

        if (escape.Length < 3 || escape[0] is < (byte)'0' or > (byte)'3' || !IsOctal(escape[1]) || !IsOctal(escape[2]))
        {
            return false;
        }

        value = (byte)(((escape[0] - '0') << 6) | ((escape[1] - '0') << 3) | (escape[2] - '0'));
        length = 3;
        return true;
    }

    private static bool IsOctal(byte b) => b is >= (byte)'0' and <= (byte)'7';

    private static bool NeedsQuotes(ReadOnlySpan<byte> path) =>
        path.ContainsAnyExceptInRange((byte)0x20, (byte)0x7e) || path.IndexOfAny((byte)'"', (byte)'\\') >= 0;
}
