using System.Text;
using CsCheck;
using Savepoint.Diffs;
using Savepoint.Model;
using Xunit;

namespace Savepoint.Tests.Diffs;

public sealed class ThreeWayMergeTests
{
    [Fact]
    public void What_only_one_side_changed_is_what_that_side_has_and_what_both_have_is_taken_once() =>
        Gen.Int.Sample(seed =>
        {
            var (ancestor, side) = new RandomText(new Random(seed), SourceTexts.All).Pair();
            Assert.Equal(side, ThreeWayMerge.Merge(ancestor, ancestor, side).ToBytes());
            Assert.Equal(side, ThreeWayMerge.Merge(ancestor, side, ancestor).ToBytes());
            Assert.Equal(side, ThreeWayMerge.Merge(ancestor, side, side).ToBytes());
        }, iter: 3_000);

    [Fact]
    public void Sides_that_change_places_change_nothing_but_the_names_in_conflicts() =>
        Gen.Int.Sample(seed =>
        {
            var merge = MergeCases.OfAnyKind(new Random(seed));
            var (one, other) = (ThreeWayMerge.Merge(merge.Base, merge.Ours, merge.Theirs), ThreeWayMerge.Merge(merge.Base, merge.Theirs, merge.Ours));
            Assert.Equal(one.Conflicts, other.Conflicts.Select(conflict => new LineConflict(conflict.Base, conflict.Theirs, conflict.Ours)));
            if (one.Conflicts.Count == 0)
            {
                Assert.Equal(one.ToBytes(), other.ToBytes());
            }
        }, iter: 3_000);

    [Fact]
    public void Edits_with_an_unchanged_line_between_them_are_both_in_the_result() =>
        Gen.Int.Sample(seed =>
        {
            var random = new Random(seed);
            var lines = Enumerable.Range(0, random.Next(3, 60)).Select(i => $"line {i}\n").ToList();
            var middle = random.Next(1, lines.Count - 1);
            var (above, below) = (Edited(random, lines[..middle], "above"), Edited(random, lines[(middle + 1)..], "below"));
            var merged = ThreeWayMerge.Merge(
                Bytes(lines), Bytes([.. above, lines[middle], .. lines[(middle + 1)..]]), Bytes([.. lines[..middle], lines[middle], .. below]));
            Assert.Equal(Bytes([.. above, lines[middle], .. below]), merged.ToBytes());
        }, iter: 3_000);

    [Theory]
    [InlineData("a\nb\nc\n", "a\nB\nc\n", "a\nb\nC\n", "neighbours")]
    [InlineData("a\nc\n", "a\nours\nc\n", "a\ntheirs\nc\n", "two insertions at one place")]
    [InlineData("", "ours\n", "theirs\n", "two new files")]
    [InlineData("a\nb\n", "", "a\nB\n", "all deleted against an edit")]
    [InlineData("a\n", "a", "a\r\n", "two line ends")]
    public void Edits_with_no_unchanged_line_between_them_conflict(string ancestor, string ours, string theirs, string what)
    {
        var merged = ThreeWayMerge.Merge(Bytes([ancestor]), Bytes([ours]), Bytes([theirs]));

        Assert.True(merged.Conflicts.Count == 1, what);
        Assert.Throws<InvalidOperationException>(merged.ToBytes);
    }

    [Fact]
    public void A_conflict_names_its_lines_in_all_three_versions()
    {
        var merged = ThreeWayMerge.Merge("a\nb\nc\nd\n"u8.ToArray(), "new\na\nb\nC\nC2\nd\n"u8.ToArray(), "a\nb\nd\n"u8.ToArray());

        Assert.Equal(new LineConflict(new LineRange(2, 1), new LineRange(3, 2), new LineRange(2, 0)), Assert.Single(merged.Conflicts));
    }

    [Fact]
    public void A_final_newline_that_one_side_took_and_an_edit_above_it_are_both_kept() =>
        Assert.Equal("A\nb\nc"u8.ToArray(), ThreeWayMerge.Merge("a\nb\nc\n"u8.ToArray(), "A\nb\nc\n"u8.ToArray(), "a\nb\nc"u8.ToArray()).ToBytes());

    [Theory]
    [InlineData("a\r\nb\r\n", "a\r\nB\r\n", "a\r\nc\r\n", "a\r\n<<<<<<< ours\r\nB\r\n=======\r\nc\r\n>>>>>>> theirs\r\n")]
    [InlineData("", "x\r\n", "y\r\n", "<<<<<<< ours\r\nx\r\n=======\r\ny\r\n>>>>>>> theirs\r\n")]
    [InlineData("a\nb", "a\nB", "a\nc", "a\n<<<<<<< ours\nB\n=======\nc\n>>>>>>> theirs\n")]
    public void Markers_end_as_the_lines_around_them_do(string ancestor, string ours, string theirs, string text) =>
        Assert.Equal(text, Encoding.ASCII.GetString(ThreeWayMerge.Merge(Bytes([ancestor]), Bytes([ours]), Bytes([theirs])).ToBytes(ConflictMarkers.Default)));

    [Fact]
    public void Markers_have_the_base_where_it_is_named() =>
        Assert.Equal(
            "<<<<<<< now\nB\n||||||| then\nb\n=======\nc\n>>>>>>> before\n",
            Encoding.ASCII.GetString(ThreeWayMerge.Merge("b\n"u8.ToArray(), "B\n"u8.ToArray(), "c\n"u8.ToArray()).ToBytes(new ConflictMarkers { Ours = "now", Base = "then", Theirs = "before" })));

    [Fact]
    public void A_hundred_thousand_lines_that_repeat_themselves_are_merged()
    {
        var ancestor = Enumerable.Range(0, 100_000).Select(i => $"{i % 3}\n").ToList();
        var ours = ancestor.SelectMany((line, i) => i % 999 == 500 ? [line, "0\n", "1\n", "2\n"] : new[] { line }).ToList();

        var merged = ThreeWayMerge.Merge(Bytes(ancestor), Bytes(ours), Bytes([.. ancestor, "end\n"]));

        // The whole of what ours added may be taken for additions at the end, where theirs has one, too.
        Assert.True(merged.Conflicts.Count == 1 || merged.ToBytes().AsSpan().SequenceEqual(Bytes([.. ours, "end\n"])));
    }

    private static List<string> Edited(Random random, List<string> lines, string name)
    {
        var edited = lines.ToList();
        var at = random.Next(edited.Count + 1);
        edited.RemoveRange(at, Math.Min(random.Next(3), edited.Count - at));
        edited.InsertRange(at, Enumerable.Range(0, random.Next(3)).Select(i => $"{name} {i}\n"));
        return edited;
    }

    private static byte[] Bytes(List<string> lines) => Encoding.ASCII.GetBytes(string.Concat(lines));
}
