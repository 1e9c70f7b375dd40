using System.Text;
using CsCheck;
using Savepoint.Model;
using Xunit;

namespace Savepoint.Tests.Model;

public sealed class PathQuotingTests
{
    [Fact]
    public void Any_bytes_come_back_from_their_quoted_form() =>
        Gen.Byte.Array.Where(bytes => bytes.Length > 0 && bytes[0] != '"').Sample(bytes =>
        {
            var quoted = PathQuoting.Quote(bytes);
            Assert.Equal(bytes, PathQuoting.Unquote(quoted));
            Assert.DoesNotContain(quoted, c => c is < ' ' or > '~');
        });

    [Fact]
    public void A_name_with_a_tab_and_an_umlaut_is_quoted_as_git_quotes_it() =>
        Assert.Equal("\"a\\tb\\303\\244\"", PathQuoting.Quote("a\tbä"u8));

    [Theory]
    [InlineData("\"open")]
    [InlineData("\"\\q\"")]
    [InlineData("\"\\40\"")]
    [InlineData("\"a\"b")]
    public void Broken_quoting_is_refused(string text) =>
        Assert.Throws<FormatException>(() => PathQuoting.Unquote(text));

    [Fact]
    public void Plain_text_is_taken_as_utf8() =>
        Assert.Equal(Encoding.UTF8.GetBytes("ä b"), PathQuoting.Unquote("ä b"));
}
