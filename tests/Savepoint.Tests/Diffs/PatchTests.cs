using System.Text;
using CsCheck;
using Savepoint.Diffs;
using Savepoint.Model;
using Xunit;

namespace Savepoint.Tests.Diffs;

/// <summary>The laws of patches, on trees drawn at random.</summary>
public sealed class PatchTests
{
    internal const int ChangeCount = 25;

    [Fact]
    public void Applying_the_patch_between_two_trees_to_the_first_gives_the_second() =>
        ForAnyPair(pair => AssertLeadsTo(pair.After, pair, Patch.Create(pair.Changes, pair.Contents), pair.Before));

    [Fact]
    public void Applying_its_reverse_to_the_second_gives_the_first() =>
        ForAnyPair(pair => AssertLeadsTo(pair.Before, pair, Patch.Create(pair.Changes, pair.Contents).Reverse(), pair.After));

    [Fact]
    public void Reversing_twice_gives_an_equal_patch() =>
        ForAnyPair(pair =>
        {
            var patch = Patch.Create(pair.Changes, pair.Contents);
            Assert.Equal(patch, patch.Reverse().Reverse());
            Assert.Equal(patch.ToBytes(), patch.Reverse().Reverse().ToBytes());
        });

    [Fact]
    public void The_reverse_is_the_patch_of_the_reversed_changes() =>
        ForAnyPair(pair =>
        {
            var reversed = Patch.Create(pair.Changes, pair.Contents).Reverse();
            AssertLeadsTo(pair.Before, pair, GitPatchParser.Parse(reversed.ToBytes()), pair.After);
        });

    [Fact]
    public void What_is_written_and_parsed_writes_the_same_and_leads_to_the_same_tree() =>
        ForAnyPair(pair =>
        {
            var bytes = Patch.Create(pair.Changes, pair.Contents).ToBytes();
            var parsed = GitPatchParser.Parse(bytes);
            Assert.Equal(bytes, parsed.ToBytes());
            AssertLeadsTo(pair.After, pair, parsed, pair.Before);
        });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(int.MaxValue)]
    public void Any_number_of_context_lines_gives_the_same_tree(int contextLineCount) =>
        ForAnyPair(
            pair => AssertLeadsTo(
                pair.After, pair, Patch.Create(pair.Changes, pair.Contents, new PatchOptions { ContextLineCount = contextLineCount }), pair.Before),
            iterations: 60);

    [Fact]
    public void A_patch_to_another_tree_conflicts_as_a_whole()
    {
        var contents = new MemoryContents();
        var first = new FileChange(WorkspacePath.Parse("a"), contents.File("1\n2\n"u8.ToArray()), contents.File("1\n3\n"u8.ToArray()));
        var second = new FileChange(WorkspacePath.Parse("b"), contents.File("1\n"u8.ToArray()), FileState.None);
        var result = Patch.Create([first, second], contents).Apply(path =>
            path.ToString() == "a" ? new FileVersion(first.Before, "1\nother\n"u8.ToArray()) : FileVersion.None);
        Assert.Equal(
            [
                new PatchConflict(first.Path, 1, PatchConflictReason.HunkDiffers),
                new PatchConflict(second.Path, 0, PatchConflictReason.Missing),
            ],
            Assert.IsType<PatchApplyResult.Conflicted>(result).Conflicts);
    }

    [Fact]
    public void A_hunk_that_moved_is_found_only_if_that_is_allowed_and_the_offset_is_told()
    {
        var before = Lines(1, 20);
        var contents = new MemoryContents();
        var state = contents.File(before);
        var change = new FileChange(WorkspacePath.Parse("a"), state, contents.File(Replace(before, "line 10\n", "changed\n")));
        var patch = Patch.Create([change], contents);
        byte[] moved = [.. "x\ny\n"u8, .. before];

        FileVersion Read(WorkspacePath path) => new(contents.File(moved), moved);

        Assert.IsType<PatchApplyResult.Conflicted>(patch.Apply(Read));
        Assert.IsType<PatchApplyResult.Conflicted>(patch.Apply(Read, new PatchApplyOptions { MaxOffsetLineCount = 1 }));
        var file = Assert.Single(Assert.IsType<PatchApplyResult.Applied>(patch.Apply(Read, new PatchApplyOptions { MaxOffsetLineCount = 2 })).Files);
        Assert.Equal(Replace(moved, "line 10\n", "changed\n"), file.After.Content.ToArray());
        Assert.Equal(2, file.OffsetLineCount);
    }

    [Fact]
    public void Two_files_can_swap_their_names()
    {
        var contents = new MemoryContents();
        var (a, b) = (WorkspacePath.Parse("a"), WorkspacePath.Parse("b"));
        var (inA, inB) = (contents.File("1\n"u8.ToArray()), contents.File("2\n"u8.ToArray()));
        var patch = Patch.Create([new FileChange(b, inA, inA, a), new FileChange(a, inB, inB, b)], contents);
        var files = Assert.IsType<PatchApplyResult.Applied>(patch.Apply(path =>
            path == a ? new FileVersion(inA, contents.Read(inA.ContentId!.Value)) : new FileVersion(inB, contents.Read(inB.ContentId!.Value)))).Files;
        Assert.Equal(inB, files.Single(file => file.Path == a).After.State);
        Assert.Equal(inA, files.Single(file => file.Path == b).After.State);
    }

    [Fact]
    public void What_git_cannot_say_is_named()
    {
        var contents = new MemoryContents();
        var content = "x\n"u8.ToArray();
        FileChange[] changes =
        [
            new(WorkspacePath.Parse("dir"), FileState.None, new FileState.Directory(UnixMode.DefaultDirectory)),
            new(WorkspacePath.Parse("secret"), contents.File(content), contents.File(content, new UnixMode(0b110_000_000))),
            new(WorkspacePath.Parse("new"), FileState.None, contents.File(content)),
        ];
        var patch = Patch.Create(changes, contents);
        Assert.Equal(changes[..2], patch.Unexpressed);
        Assert.Equal("new", Assert.Single(patch.Files).Path.ToString());
    }

    [Fact]
    public void A_mode_change_keeps_the_bits_that_git_does_not_know()
    {
        var contents = new MemoryContents();
        var content = "x\n"u8.ToArray();
        var path = WorkspacePath.Parse("a");
        var patch = Patch.Create([new FileChange(path, contents.File(content), contents.File(content, new UnixMode(0b111_101_101)))], contents);
        var applied = Assert.IsType<PatchApplyResult.Applied>(patch.Apply(_ => new FileVersion(contents.File(content, new UnixMode(0b110_100_000)), content)));
        Assert.Equal(new UnixMode(0b111_101_000), Assert.IsType<FileState.Regular>(Assert.Single(applied.Files).After.State).Mode);
    }

    [Fact]
    public void A_hunk_that_ended_the_file_is_not_found_in_its_middle()
    {
        var patch = GitPatchParser.Parse("--- a\n+++ a\n@@ -1,2 +1,2 @@\n 1\n-2\n+3\n"u8);
        var contents = new MemoryContents();
        var content = "0\n1\n2\n4\n"u8.ToArray();
        Assert.IsType<PatchApplyResult.Conflicted>(
            patch.Apply(_ => new FileVersion(contents.File(content), content), new PatchApplyOptions { MaxOffsetLineCount = int.MaxValue }));
    }

    public static TheoryData<string, PatchConflictReason, int> Conflicts => new()
    {
        { "--- /dev/null\n+++ b/a\n@@ -0,0 +1 @@\n+x\n", PatchConflictReason.Exists, 0 },
        { "--- a/a\n+++ /dev/null\n@@ -1 +0,0 @@\n-1\n", PatchConflictReason.HoldsMore, 0 },
        { "--- a/b\n+++ b/b\n@@ -1 +1 @@\n-1\n+2\n", PatchConflictReason.Missing, 0 },
        { "diff --git a/a b/a\ndeleted file mode 120000\n", PatchConflictReason.WrongKind, 0 },
        { "--- a/a\n+++ b/a\n@@ -1 +1 @@\n-1\n+2\n@@ -2 +2 @@\n-x\n+y\n", PatchConflictReason.HunkDiffers, 2 },
        { "--- a/a\n+++ b/a\n@@ -2 +2 @@\n-2\n+3\n\\ No newline at end of file\n", PatchConflictReason.HunkDiffers, 1 },
        { "diff --git a/a b/a\nGIT binary patch\nliteral 0\nHcmV?d00001\n\n", PatchConflictReason.ContentDiffers, 0 },
    };

    [Theory]
    [MemberData(nameof(Conflicts))]
    public void What_does_not_fit_is_said_with_its_reason(string patch, PatchConflictReason reason, int hunkNumber)
    {
        var contents = new MemoryContents();
        var content = "1\n2\n3\n"u8.ToArray();
        var result = GitPatchParser.Parse(Encoding.ASCII.GetBytes(patch)).Apply(
            path => path.ToString() == "a" ? new FileVersion(contents.File(content), content) : FileVersion.None);
        var conflict = Assert.Single(Assert.IsType<PatchApplyResult.Conflicted>(result).Conflicts);
        Assert.Equal((reason, hunkNumber), (conflict.Reason, conflict.HunkNumber));
    }

    [Fact]
    public void Concatenated_patches_apply_one_after_the_other()
    {
        var patch = GitPatchParser.Parse("--- a\n+++ a\n@@ -1 +1 @@\n-1\n+2\n--- a\n+++ a\n@@ -1 +1 @@\n-2\n+3\n"u8);
        var contents = new MemoryContents();
        var result = patch.Apply(_ => new FileVersion(contents.File("1\n"u8.ToArray()), "1\n"u8.ToArray()));
        Assert.Equal("3\n"u8.ToArray(), Assert.Single(Assert.IsType<PatchApplyResult.Applied>(result).Files).After.Content.ToArray());
        Assert.IsType<PatchApplyResult.Applied>(patch.Reverse().Apply(_ => new FileVersion(contents.File("3\n"u8.ToArray()), "3\n"u8.ToArray())));
    }

    internal static void AssertLeadsTo(
        IReadOnlyDictionary<WorkspacePath, FileState> expected, TreePair pair, Patch patch, IReadOnlyDictionary<WorkspacePath, FileState> from)
    {
        var result = patch.Apply(path => TreePair.Version(from, path, pair.Contents));
        var applied = Assert.IsType<PatchApplyResult.Applied>(result);
        var tree = new Dictionary<WorkspacePath, FileState>(from);
        foreach (var file in applied.Files)
        {
            Assert.Equal(from.GetValueOrDefault(file.Path, FileState.None), file.Before.State);
            Assert.Equal(file.After.State.ContentId ?? ContentId.Of([]), ContentId.Of(file.After.Content.Span));
            tree.Remove(file.Path);
            if (!file.After.State.IsAbsent)
            {
                tree[file.Path] = file.After.State;
            }
        }

        Assert.Equal(expected.OrderBy(entry => entry.Key), tree.OrderBy(entry => entry.Key));
    }

    private static void ForAnyPair(Action<TreePair> check, int iterations = 300) =>
        Gen.Int.Sample(seed => check(new TreePair(seed, ChangeCount, SourceTexts.All)), iter: iterations);

    private static byte[] Lines(int first, int count) =>
        Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(first, count).Select(i => $"line {i}\n")));

    private static byte[] Replace(byte[] text, string old, string with) =>
        Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(text).Replace(old, with, StringComparison.Ordinal));
}
