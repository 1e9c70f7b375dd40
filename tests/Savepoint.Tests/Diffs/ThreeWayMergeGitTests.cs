using System.Globalization;
using System.Text;
using Savepoint.Diffs;
using Xunit;

namespace Savepoint.Tests.Diffs;

/// <summary>
/// Merges, held against those of <c>git merge-file</c>: by default some hundred of each kind; <c>SAVEPOINT_TEST_MERGES=10000</c>
/// takes more.
/// </summary>
public sealed class ThreeWayMergeGitTests(ITestOutputHelper output)
{
    private static readonly int Count = int.Parse(Environment.GetEnvironmentVariable("SAVEPOINT_TEST_MERGES") ?? "300", CultureInfo.InvariantCulture);

    [Fact]
    public void Where_there_is_one_way_to_align_the_versions_git_gives_the_same_bytes()
    {
        var random = new Random(15);
        // Two conflicts with nothing between them but what both deleted, and a line or two, are one to git.
        List<MergeCase> cases = [Case("a\nb\nq\nc\nd\n", "X\nb\nc\nY\n", "Z\nb\nc\nW\n"), .. Enumerable.Range(0, Count).Select(_ => MergeCases.WithoutChoice(random))];

        foreach (var (merge, git) in cases.Zip(MergeFileWitness.Merge(cases)))
        {
            var merged = ThreeWayMerge.Merge(merge.Base, merge.Ours, merge.Theirs);
            Assert.Equal(git.IsClean, merged.Conflicts.Count == 0);

            // Where the base has no line to learn a line end from, git's markers end with LF whatever the sides have (docs/design/merge.md).
            var hasLineEnd = merge.Base.Contains((byte)'\n');
            string Told(byte[] text) => git.IsClean || hasLineEnd ? Text(text) : Text(text).Replace("\r\n", "\n", StringComparison.Ordinal);
            Assert.Equal(Told(git.Text), Told(merged.ToBytes(ConflictMarkers.Default)));
            if (!git.IsClean)
            {
                Assert.Equal(Told(git.TextWithBase), Told(merged.ToBytes(new ConflictMarkers { Base = "base" })));
            }
        }
    }

    [Fact]
    public void Where_lines_repeat_git_seldom_decides_otherwise_and_no_line_is_lost()
    {
        var random = new Random(16);
        Tally([.. Enumerable.Range(0, Count).Select(_ => MergeCases.OfAnyKind(random))]);
    }

    [Fact]
    public void Reverts_of_a_real_packages_releases_are_merged_as_by_git()
    {
        List<MergeCase> cases = [.. MergeCases.RealReverts(maxDistance: 3)];
        Tally([.. cases.Where((_, i) => i % Math.Max(1, cases.Count / Count) == 0)]);
    }

    private static MergeCase Case(string ancestor, string ours, string theirs) => new(Encoding.ASCII.GetBytes(ancestor), Encoding.ASCII.GetBytes(ours), Encoding.ASCII.GetBytes(theirs));

    /// <summary>
    /// Versions that can be aligned in several ways may be merged in several ways: git's diff and ours choose differently in a
    /// few of a hundred. What is never allowed is a clean merge that lacks a line which one side wrote.
    /// </summary>
    private void Tally(List<MergeCase> cases)
    {
        var (decidedOtherwise, otherText, otherMarkers) = (0, 0, 0);
        foreach (var (merge, git) in cases.Zip(MergeFileWitness.Merge(cases)))
        {
            var merged = ThreeWayMerge.Merge(merge.Base, merge.Ours, merge.Theirs);
            var (isClean, text) = (merged.Conflicts.Count == 0, merged.ToBytes(ConflictMarkers.Default));
            Assert.True(!isClean || Lost(merge, text) is null, $"'{Lost(merge, text)}' is lost in:\n{Text(text)}");
            decidedOtherwise += isClean == git.IsClean ? 0 : 1;
            otherText += isClean && git.IsClean && !text.AsSpan().SequenceEqual(git.Text) ? 1 : 0;
            otherMarkers += !isClean && !git.IsClean && !text.AsSpan().SequenceEqual(git.Text) ? 1 : 0;
        }

        output.WriteLine($"{cases.Count} merges: {decidedOtherwise} clean for one only, {otherText} clean with another text, {otherMarkers} conflicts drawn otherwise");
        Assert.InRange(decidedOtherwise + otherText, 0, cases.Count / 50);
        Assert.InRange(otherMarkers, 0, cases.Count / 8);
    }

    /// <summary>A line that a side wrote and that the merge has less often than that side; null if there is none.</summary>
    private static string? Lost(MergeCase merge, byte[] merged)
    {
        var (known, counts) = (LineCounts(merge.Base), LineCounts(merged));
        return LineCounts(merge.Ours).Concat(LineCounts(merge.Theirs)).FirstOrDefault(line => !known.ContainsKey(line.Key) && counts.GetValueOrDefault(line.Key) < line.Value).Key;
    }

    private static Dictionary<string, int> LineCounts(byte[] content) => Text(content).Split('\n').CountBy(line => line).ToDictionary();

    private static string Text(byte[] content) => Encoding.Latin1.GetString(content);
}
