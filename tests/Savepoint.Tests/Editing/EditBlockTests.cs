using System.Text;
using Savepoint.Editing;
using Xunit;

namespace Savepoint.Tests.Editing;

public sealed class EditBlockTests
{
    [Fact]
    public void A_block_that_is_there_once_is_replaced_and_nothing_else()
    {
        Assert.Equal("one\nTWO\nthree\n", Edited("one\ntwo\nthree\n", "two", "TWO"));
    }

    [Fact]
    public void An_empty_replacement_removes_the_block()
    {
        Assert.Equal("one\nthree\n", Edited("one\ntwo\nthree\n", "two\n", ""));
    }

    [Fact]
    public void Of_several_equal_blocks_none_is_taken_and_all_are_named()
    {
        var problem = Problem("x = 1\ny\nx = 1\nz\nx = 1\n", "x = 1", "x = 2");

        Assert.Contains("stands 3 times in f, beginning in lines 1, 3, 5.", problem);
    }

    [Fact]
    public void Blocks_that_overlap_are_several()
    {
        Assert.Contains("stands 2 times", Problem("a\na\na\n", "a\na\n", "b\n"));
    }

    [Fact]
    public void White_space_is_ignored_when_asked_and_only_then()
    {
        const string File = "if (x)\n{\n\treturn  1;\n}\n";
        const string Search = "{\n    return 1;\n}";

        Assert.Contains("It differs in white space alone", Problem(File, Search, "{}"));
        Assert.Equal("if (x)\n{}\n", Edited(File, Search, "{}", ignoreWhitespace: true));
    }

    [Fact]
    public void An_exact_block_is_preferred_to_those_that_differ_in_white_space()
    {
        Assert.Equal("  a\nb\n", Edited("  a\na \nb\n", "\na \n", "\n", ignoreWhitespace: true));
    }

    [Fact]
    public void Blocks_that_are_equal_but_for_white_space_are_ambiguous()
    {
        Assert.Contains("Ignoring white space, the search block stands 2 times in f, beginning in lines 1, 3.", Problem("  go()\nx\n\tgo()\n", "go() ", "stop()", ignoreWhitespace: true));
    }

    [Fact]
    public void A_block_of_white_space_is_nowhere()
    {
        Assert.Contains("all white space", Problem("a\n\t\n", " \n", "b", ignoreWhitespace: true));
    }

    [Fact]
    public void For_a_block_that_is_missing_the_nearest_place_is_shown_with_its_line_numbers()
    {
        var file = string.Concat(Enumerable.Range(1, 40).Select(i => $"line number {i}\n")) + "int Add(int a, int b)\n{\n    return a + b;\n}\n";

        var problem = Problem(file, "int Add(int a, int b)\n{\n    return a - b;\n}\n", "");

        Assert.Contains("The search block is not in f. The nearest place is lines 41 to 44:", problem);
        Assert.Contains("\n    43 |     return a + b;", problem);
    }

    [Fact]
    public void For_a_block_like_nothing_in_the_file_no_place_is_shown()
    {
        Assert.Contains("Nothing in it is like the block", Problem("alpha\nbeta\n", "0123456789", ""));
    }

    [Fact]
    public void The_nearest_place_in_a_long_file_to_a_long_block_is_found_soon()
    {
        var file = string.Concat(Enumerable.Range(0, 200_000).Select(i => $"    some line {i} of a file\n"));
        var block = string.Concat(Enumerable.Range(5, 5000).Select(i => $"    some line {i} of a  file\n"));

        Assert.Contains("The nearest place is lines 6 to 5005:", Problem(file, block, ""));
    }

    [Fact]
    public void A_file_with_CRLF_is_found_by_LF_and_gets_CRLF()
    {
        Assert.Equal("a\r\nB\r\nC\r\nd\r\n", Edited("a\r\nb\r\nc\r\nd\r\n", "b\nc\n", "B\nC\n"));
    }

    [Fact]
    public void Lines_that_stay_keep_their_own_line_ends()
    {
        Assert.Equal("a\r\nb\nNEW\nc\r\nd\n", Edited("a\r\nb\nc\r\nd\n", "a\nb\nc\nd\n", "a\nb\nNEW\nc\nd\n"));
    }

    [Fact]
    public void A_last_line_without_its_line_end_is_found_and_stays_so()
    {
        Assert.Equal("a\nB", Edited("a\nb", "b\n", "B\n"));
    }

    [Fact]
    public void Latin_1_is_found_and_written_as_Latin_1()
    {
        var file = Encoding.Latin1.GetBytes("caf\u00E9 ol\u00E9\n");

        var edited = EditBlock.Replace(EditedText.TryRead(file)!, "f", "ol\u00E9", "cr\u00E8me", ignoreWhitespace: false);

        Assert.Equal(Encoding.Latin1.GetBytes("caf\u00E9 cr\u00E8me\n"), edited.File);
    }

    [Fact]
    public void A_character_that_Latin_1_has_not_is_refused()
    {
        var file = EditedText.TryRead(Encoding.Latin1.GetBytes("caf\u00E9\n"))!;

        Assert.Contains("Latin-1", EditBlock.Replace(file, "f", "caf", "\u20AC", ignoreWhitespace: false).Problem);
    }

    [Fact]
    public void A_stray_byte_in_UTF_8_stays()
    {
        byte[] file = [.. "na\u00EFve "u8, 0xFF, .. " word\n"u8];

        var edited = EditBlock.Replace(EditedText.TryRead(file)!, "f", "na\u00EFve", "\u00FCber", ignoreWhitespace: false);

        Assert.Equal([.. "\u00FCber "u8, 0xFF, .. " word\n"u8], edited.File);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void UTF_16_stays_UTF_16_with_its_mark_and_line_ends(bool bigEndian)
    {
        var encoding = new UnicodeEncoding(bigEndian, byteOrderMark: true);
        byte[] Written(string text) => [.. encoding.GetPreamble(), .. encoding.GetBytes(text)];

        var edited = EditBlock.Replace(EditedText.TryRead(Written("a\r\n\u4F60\r\nc"))!, "f", "\u4F60\nc", "\u597D\nd\ne", ignoreWhitespace: false);

        Assert.Equal(Written("a\r\n\u597D\r\nd\r\ne"), edited.File);
    }

    [Fact]
    public void The_mark_of_UTF_8_stays()
    {
        Assert.Equal("\uFEFFb\n", Edited("\uFEFFa\n", "a", "b"));
    }

    private static string Edited(string file, string search, string replacement, bool ignoreWhitespace = false)
    {
        var edited = EditBlock.Replace(EditedText.TryRead(Encoding.UTF8.GetBytes(file))!, "f", search, replacement, ignoreWhitespace);
        Assert.Null(edited.Problem);
        return Encoding.UTF8.GetString(edited.File!);
    }

    private static string Problem(string file, string search, string replacement, bool ignoreWhitespace = false)
    {
        var edited = EditBlock.Replace(EditedText.TryRead(Encoding.UTF8.GetBytes(file))!, "f", search, replacement, ignoreWhitespace);
        Assert.Null(edited.File);
        return edited.Problem!;
    }
}
