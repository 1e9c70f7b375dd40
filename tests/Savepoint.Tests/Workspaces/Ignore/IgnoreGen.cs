using System.Text;
using CsCheck;

namespace Savepoint.Tests.Workspaces.Ignore;

/// <summary>Rules and names over a small alphabet in which they meet often, and in which each syntax of git's occurs.</summary>
internal static class IgnoreGen
{
    private static string[] Fragments { get; } =
    [
        "a", "b", "ab", "A", "B", "c.o", ".o", "-", "a", "b", "x", "0",
        "*", "*", "**", "***", "?", "/", "/", "/", "**/", "/**", "/**/", "\\*", "\\?", "\\/", "\\", "\\\\", "\\a", "\\A", "\\[",
        "[a-b]", "[A-B]", "[A]", "[!a]", "[^b]", "[]a]", "[!]a]", "[a", "[", "]", "[a\\]", "[\\]-a]", "[--b]", "[a-]", "[-a]", "[b-a]", "[a\\-b]",
        "[a/b]", "[/]", "[*?]", "[+--]", "[a-\\b]", "[[:alpha:]]", "[[:upper:]]", "[[:lower:]x]", "[![:alnum:]]", "[[:space:][:punct:]]",
        "[[:foo:]]", "[[:alpha:]", "[[:]", "[[:a]", "[[::]]", "[a-[:digit:]]", "[[:digit:]-a]",
        " ", "\\ ", "  ", "\t", "\r", "#", "\\#", "!", "\\!", "\0", "\u00E9", "[\u00E0-\u00FF]", "\u00EF\u00BB\u00BF",
    ];

    private static string[] Names { get; } =
    [
        "a", "b", "ab", "aa", "ba", "bb", "A", "B", "aB", "AB", "c.o", "a.o", ".o", "C.O", "abc.o", "x", "ax", "xb", "0", "a0",
        "a b", "a ", " a", "  ", "#", "#a", "!", "!a", "[", "[a", "]", "a]", "*", "a*", "?", "-", "a-b", "\\", "a\\", "\\a", "^",
        "\t", "a\r", "\u00E9", "a\u00E9", "\u00C3\u00A9", "\u00EF\u00BB\u00BFa", "aab", "abab", ":", "[:", "+",
    ];

    /// <summary>Names that every file API can create.</summary>
    public static Gen<string> PlainName { get; } = Gen.OneOf("a", "b", "ab", "ba", "A", "aB", "c.o", "a.o", "x", "a b", "#a", "!a", "[a", "-", "\\", "a0");

    public static Gen<byte[]> Line { get; } =
        Gen.Select(
            Gen.OneOf("", "", "", "!", "!", "/", "#"),
            Gen.OneOf(Fragments).Array[0, 5],
            Gen.OneOf("", "", "", "/", " ", "\r"),
            (start, middle, end) => Latin1(start + string.Concat(middle) + end));

    /// <summary>A whole file: lines, sometimes a mark at the beginning, CR LF, no last line end.</summary>
    public static Gen<byte[]> File { get; } =
        Gen.Select(
            Gen.OneOf("", "", "", "\u00EF\u00BB\u00BF"),
            Line.Array[0, 8],
            Gen.OneOf("\n", "\n", "\r\n"),
            Gen.Bool,
            (mark, lines, end, isEnded) => Latin1(
                mark + string.Join(end, lines.Select(Encoding.Latin1.GetString)) + (isEnded ? end : "")));

    /// <summary>A path of one to four segments, any bytes.</summary>
    public static Gen<byte[]> Path { get; } =
        Gen.OneOf(Names).Array[1, 4].Select(names => Latin1(string.Join('/', names)));

    public static byte[] Latin1(string text) => Encoding.Latin1.GetBytes(text);
}
