using System.Text;
using CsCheck;
using Savepoint.Checking.Running;
using Xunit;

namespace Savepoint.Tests.Checking;

/// <summary>Bytes of programs become lines, whatever they are.</summary>
public sealed class OutputTextTests
{
    private static readonly string[] Parts = ["é", "\r", "\n", "\r\n", "\e[1m", "\e", "x", "\0", "𝄞"];

    [Theory]
    [InlineData("a\nb\n", "a|b")]
    [InlineData("a\nb", "a|b")]
    [InlineData("a\r\nb\r\n", "a|b")]
    [InlineData("a\r\n\r\nb", "a||b")]
    [InlineData("10%\r20%\rdone\n", "10%|20%|done")]
    [InlineData("\e[31mred\e[0m and \e[1;38;5;12mbold\e[m\n", "red and bold")]
    [InlineData("\e]8;;https://a.b/c\e\\link\e]8;;\e\\\n", "link")]
    [InlineData("\e]0;title\aafter\n", "after")]
    [InlineData("\e(Btext\e=\n", "text")]
    [InlineData("cut \e[31\nnext", "cut |next")]
    [InlineData("a\0b\ac\bd\te", "abcd\te")]
    [InlineData("", "")]
    public void Escapes_and_control_characters_are_no_text(string written, string lines) => Assert.Equal(lines, string.Join('|', Lines(Encoding.UTF8.GetBytes(written))));

    [Fact]
    public void What_is_no_utf8_is_replaced() => Assert.Equal(["caf\uFFFD", "\uFFFD"], Lines([.. "caf"u8, 0xE9, (byte)'\n', 0xF0, 0x9F]));

    [Fact]
    public void A_line_without_end_is_cut()
    {
        var lines = Lines(Encoding.UTF8.GetBytes(new string('x', 3_000_000) + "\nnext\n"));

        Assert.Equal([262_144, 4], lines.Select(line => line.Length));
    }

    [Fact]
    public void An_escape_that_nobody_ends_does_not_take_all_with_it()
    {
        var lines = Lines(Encoding.UTF8.GetBytes("\e]0;" + new string('x', 5000) + "\nnext\n"));

        Assert.Equal("next", lines[^1]);
    }

    [Fact]
    public void It_does_not_matter_how_the_bytes_are_cut() => Gen.Select(Gen.Int[0, Parts.Length - 1].Select(i => Parts[i]).Array, Gen.Int[1, 5]).Sample(
        (parts, size) =>
        {
            var bytes = Encoding.UTF8.GetBytes(string.Concat(parts));
            return Lines(bytes).SequenceEqual(Lines(bytes, size));
        },
        iter: 2000);

    private static List<string> Lines(byte[] bytes, int size = int.MaxValue)
    {
        var lines = new List<string>();
        var text = new OutputText(line => lines.Add(line.ToString()));
        foreach (var part in bytes.Chunk(size))
        {
            text.Write(part);
        }

        text.End();
        return lines;
    }
}
