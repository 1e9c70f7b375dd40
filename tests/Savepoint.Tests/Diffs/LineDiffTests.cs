using System.Text;
using CsCheck;
using Savepoint.Diffs;
using Xunit;

namespace Savepoint.Tests.Diffs;

public sealed class LineDiffTests
{
    [Fact]
    public void The_edits_turn_the_old_content_into_the_new() =>
        Gen.Int.Sample(seed =>
        {
            var (before, after) = new RandomText(new Random(seed), SourceTexts.All).Pair();
            Assert.Equal(after, Replay(before, after, LineDiff.Compute(before, after)));
        }, iter: 20_000);

    [Fact]
    public void Few_edits_are_as_few_as_the_longest_common_subsequence_allows() =>
        Gen.Int.Sample(seed =>
        {
            var random = new Random(seed);
            var before = random.GetItems("abcd".ToCharArray(), random.Next(40));
            var after = random.GetItems("abcd".ToCharArray(), random.Next(40));
            var edits = LineDiff.Compute(OneCharLines(before), OneCharLines(after));
            Assert.Equal(before.Length + after.Length - (2 * LongestCommonLength(before, after)), edits.Sum(edit => edit.OldCount + edit.NewCount));
        }, iter: 5_000);

    [Fact]
    public void Equal_contents_have_no_edits() =>
        Assert.Empty(LineDiff.Compute("a\nb"u8, "a\nb"u8));

    [Fact]
    public void A_final_newline_that_goes_is_an_edit_of_the_last_line() =>
        Assert.Equal([new LineEdit(1, 1, 1, 1, 2, 2, 2, 1)], LineDiff.Compute("a\nb\n"u8, "a\nb"u8));

    [Fact]
    public void A_carriage_return_is_part_of_its_line() =>
        Assert.Equal([new LineEdit(0, 1, 0, 1, 0, 2, 0, 3)], LineDiff.Compute("a\nb\n"u8, "a\r\nb\n"u8));

    public static TheoryData<string> HopelessInputs => ["rewritten", "two values", "four values", "shuffled", "many duplicates", "reversed", "interleaved"];

    [Theory]
    [MemberData(nameof(HopelessInputs))]
    public void A_hopeless_input_costs_a_bounded_number_of_steps(string kind)
    {
        const int LineCount = 100_000;
        var (before, after) = Hopeless(kind, LineCount);
        var edits = LineDiff.Compute(before, after, out var steps);
        Assert.Equal(after, Replay(before, after, edits));
        Assert.InRange(steps, 0, 24_000_000);
    }

    private static (byte[] Before, byte[] After) Hopeless(string kind, int count)
    {
        var random = new Random(7);
        var numbers = Enumerable.Range(0, count).ToArray();
        var shuffled = Enumerable.Range(0, count).ToArray();
        random.Shuffle(shuffled);
        return kind switch
        {
            "rewritten" => (Text(numbers), Text(numbers.Select(n => n + count))),
            "two values" => (Text(numbers.Select(_ => random.Next(2))), Text(numbers.Select(_ => random.Next(2)))),
            "four values" => (Text(numbers.Select(_ => random.Next(4))), Text(numbers.Select(_ => random.Next(4)))),
            "shuffled" => (Text(numbers), Text(shuffled)),
            "many duplicates" => (Text(numbers.Select(_ => random.Next(count / 20))), Text(numbers.Select(_ => random.Next(count / 20)))),
            "reversed" => (Text(numbers), Text(numbers.Reverse())),
            _ => (Text(numbers.Select(n => n / 2)), Text(numbers.Select(n => n % 2 == 0 ? n / 2 : count - (n / 2)))),
        };
    }

    private static byte[] Text(IEnumerable<int> numbers) => Encoding.ASCII.GetBytes(string.Concat(numbers.Select(n => $"the line numbered {n}\n")));

    private static byte[] OneCharLines(char[] letters) => Encoding.ASCII.GetBytes(string.Concat(letters.Select(letter => $"{letter}\n")));

    /// <summary>Follows the edits twice, by lines and by bytes, and checks that what lies between them is equal.</summary>
    private static byte[] Replay(byte[] before, byte[] after, IReadOnlyList<LineEdit> edits)
    {
        var result = new MemoryStream();
        var (oldLine, newLine, oldOffset) = (0, 0, 0);
        foreach (var edit in edits)
        {
            Assert.True(edit.OldCount + edit.NewCount > 0 && edit.OldStart >= oldLine);
            Assert.Equal(edit.OldStart - oldLine, edit.NewStart - newLine);
            Assert.Equal(edit.OldStart - oldLine, LineDiff.CountLines(before.AsSpan(oldOffset, edit.OldOffset - oldOffset)));
            Assert.Equal(edit.OldCount, LineDiff.CountLines(before.AsSpan(edit.OldOffset, edit.OldLength)));
            Assert.Equal(edit.NewCount, LineDiff.CountLines(after.AsSpan(edit.NewOffset, edit.NewLength)));
            result.Write(before, oldOffset, edit.OldOffset - oldOffset);
            Assert.Equal(edit.NewOffset, result.Length);
            result.Write(after, edit.NewOffset, edit.NewLength);
            (oldLine, newLine, oldOffset) = (edit.OldEnd, edit.NewEnd, edit.OldOffset + edit.OldLength);
        }

        result.Write(before, oldOffset, before.Length - oldOffset);
        return result.ToArray();
    }

    private static int LongestCommonLength(char[] a, char[] b)
    {
        var lengths = new int[a.Length + 1, b.Length + 1];
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                lengths[i, j] = a[i - 1] == b[j - 1] ? lengths[i - 1, j - 1] + 1 : Math.Max(lengths[i - 1, j], lengths[i, j - 1]);
            }
        }

        return lengths[a.Length, b.Length];
    }
}
