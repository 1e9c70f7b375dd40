using System.Text;
using Savepoint.Editing;
using Xunit;

namespace Savepoint.Tests.Editing;

public sealed class RangedEditTests
{
    [Theory]
    [InlineData("a\nb\nc\n", "B", 2, 2, "a\nB\nc\n")]
    [InlineData("a\nb\nc\n", "B\n", 2, 2, "a\nB\nc\n")]
    [InlineData("a\nb\nc\n", "X\nY", 1, 3, "X\nY\n")]
    [InlineData("a\nb\nc\n", "X", 2, -1, "a\nX\n")]
    [InlineData("a\nb\nc\n", "", 2, 2, "a\nc\n")]
    [InlineData("a\nb\nc\n", "\n", 2, 2, "a\n\nc\n")]
    [InlineData("a\nb", "B\n", 2, 2, "a\nB")]
    [InlineData("a\nb", "", 2, 2, "a")]
    [InlineData("a\nb", "", 1, -1, "")]
    [InlineData("a\r\nb\r\n", "X\nY", 2, 2, "a\r\nX\r\nY\r\n")]
    public void Lines_are_counted_from_1_and_both_ends_belong(string file, string content, int start, int end, string expected) => Check(file, content, start, end, expected);

    [Theory]
    [InlineData("a\nb\n", "new", 1, 0, "new\na\nb\n")]
    [InlineData("a\nb\n", "new", 2, 1, "a\nnew\nb\n")]
    [InlineData("a\nb\n", "new", 3, 2, "a\nb\nnew\n")]
    [InlineData("a\nb", "new", 3, 2, "a\nb\nnew")]
    [InlineData("a\r\nb\r\n", "new", 2, 1, "a\r\nnew\r\nb\r\n")]
    public void An_end_one_before_the_start_inserts_and_replaces_nothing(string file, string content, int start, int end, string expected) => Check(file, content, start, end, expected);

    [Theory]
    [InlineData("a\nb\n", "c", "a\nb\nc\n")]
    [InlineData("a\nb\n", "c\n", "a\nb\nc\n")]
    [InlineData("a\nb", "c\n", "a\nb\nc")]
    [InlineData("", "c\n", "c\n")]
    [InlineData("", "c", "c")]
    [InlineData("a\r\n", "c", "a\r\nc\r\n")]
    [InlineData("a\r\nb", "c", "a\r\nb\r\nc")]
    public void Minus_one_twice_appends_without_a_blank_line(string file, string content, string expected) => Check(file, content, -1, -1, expected);

    [Theory]
    [InlineData(0, 1, "counted from 1")]
    [InlineData(-2, 1, "counted from 1")]
    [InlineData(-1, 2, "To append: both -1")]
    [InlineData(2, 4, "f has 3 lines, and endLine is 4. For all to the end: endLine -1.")]
    [InlineData(5, 5, "f has 3 lines, and startLine is 5. To append: startLine -1, endLine -1.")]
    [InlineData(3, 1, "To insert before line 3: endLine 2.")]
    public void A_range_that_is_not_there_is_refused_with_the_right_one(int start, int end, string expected)
    {
        var edited = RangedEdit.Replace(EditedText.TryRead("a\nb\nc\n"u8)!, "f", "x", start, end);

        Assert.Null(edited.File);
        Assert.Contains(expected, edited.Problem);
    }

    private static void Check(string file, string content, int start, int end, string expected)
    {
        var edited = RangedEdit.Replace(EditedText.TryRead(Encoding.UTF8.GetBytes(file))!, "f", content, start, end);

        Assert.Null(edited.Problem);
        Assert.Equal(expected, Encoding.UTF8.GetString(edited.File!));
    }
}
