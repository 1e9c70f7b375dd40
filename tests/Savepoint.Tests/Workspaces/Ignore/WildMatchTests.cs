using System.Diagnostics;
using System.Text;
using CsCheck;
using Savepoint.Workspaces.Ignore;
using Xunit;

namespace Savepoint.Tests.Workspaces.Ignore;

public sealed class WildMatchTests
{
    /// <summary>Each would keep a matcher that goes back over every star busy for longer than the universe has lasted.</summary>
    [Theory]
    [InlineData("a*", 120, "b", "a", 250)]
    [InlineData("*a", 120, "*b", "a", 250)]
    [InlineData("**/", 500, "b", "a/", 2000)]
    [InlineData("**/a*a*", 60, "/b", "aaaaaaaa/", 400)]
    [InlineData("**/*/", 300, "b", "a/", 2000)]
    [InlineData("[a-b]*?", 100, "c", "a", 250)]
    public void A_hostile_glob_takes_a_bounded_time(string part, int partCount, string end, string textPart, int textPartCount)
    {
        var glob = WildMatch.Compile(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(part, partCount)) + end), ignoreCase: false)!;
        var text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(textPart, textPartCount)) + "x");
        var watch = Stopwatch.StartNew();

        Assert.False(glob.IsMatch(text));

        Assert.True(watch.Elapsed < TimeSpan.FromMinutes(1), $"It took {watch.Elapsed}.");
    }

    /// <summary>The greedy matcher against the plain recursive definition of each token.</summary>
    [Fact]
    public void Going_back_to_the_last_star_finds_what_trying_everything_finds() =>
        Gen.Select(
            Gen.OneOf("a", "b", "?", "*", "**/", "/", "/**/", "[ab]").Array[0, 8].Select(string.Concat),
            Gen.OneOf("a", "b", "c", "/").Array[0, 12].Select(string.Concat))
            .Sample(
                (glob, text) => WildMatch.Compile(Encoding.ASCII.GetBytes(glob), ignoreCase: false)!.IsMatch(Encoding.ASCII.GetBytes(text))
                    == MatchesByRecursion(glob, 0, text, 0),
                iter: 50_000);

    [Theory]
    [InlineData("abc\\")]
    [InlineData("[a-")]
    [InlineData("[[:word:]]")]
    [InlineData("a[]")]
    public void A_glob_that_can_match_nothing_is_told_at_once(string glob) =>
        Assert.Null(WildMatch.Compile(Encoding.ASCII.GetBytes(glob), ignoreCase: false));

    private static bool MatchesByRecursion(string glob, int g, string text, int t)
    {
        if (g == glob.Length)
        {
            return t == text.Length;
        }

        if (glob[g] == '*')
        {
            var end = g;
            while (end < glob.Length && glob[end] == '*')
            {
                end++;
            }

            var isDeep = end - g > 1 && (g == 0 || glob[g - 1] == '/') && (end == glob.Length || glob[end] == '/');
            if (isDeep && end < glob.Length && MatchesByRecursion(glob, end + 1, text, t))
            {
                return true;
            }

            for (var i = t; i <= text.Length; i++)
            {
                if (MatchesByRecursion(glob, end, text, i))
                {
                    return true;
                }

                if (i < text.Length && text[i] == '/' && !isDeep)
                {
                    return false;
                }
            }

            return false;
        }

        if (t == text.Length)
        {
            return false;
        }

        return glob[g] switch
        {
            '?' => text[t] != '/' && MatchesByRecursion(glob, g + 1, text, t + 1),
            '[' => text[t] is 'a' or 'b' && MatchesByRecursion(glob, g + 4, text, t + 1),
            var literal => text[t] == literal && MatchesByRecursion(glob, g + 1, text, t + 1),
        };
    }
}
