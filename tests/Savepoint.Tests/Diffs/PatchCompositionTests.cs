using System.Text;
using CsCheck;
using Savepoint.Diffs;
using Savepoint.Model;
using Xunit;

namespace Savepoint.Tests.Diffs;

public sealed class PatchCompositionTests
{
    [Fact]
    public void A_composed_patch_leads_from_the_first_tree_to_the_last_and_its_reverse_back() =>
        ForAnyTwo((first, second, composed) =>
        {
            PatchTests.AssertLeadsTo(second.After, first, composed, first.Before);
            PatchTests.AssertLeadsTo(first.Before, second, composed.Reverse(), second.After);
            PatchTests.AssertLeadsTo(second.After, first, GitPatchParser.Parse(composed.ToBytes()), first.Before);
        });

    [Fact]
    public void The_reverse_of_a_composition_does_what_the_composition_of_the_reverses_does() =>
        ForAnyTwo((first, second, _) =>
        {
            var back = Patch.Create(second.Changes, second.Contents).Reverse().Compose(Patch.Create(first.Changes, first.Contents).Reverse());
            PatchTests.AssertLeadsTo(first.Before, second, back, second.After);
        });

    [Fact]
    public void A_patch_and_its_reverse_compose_to_nothing() =>
        Gen.Int.Sample(seed =>
        {
            var pair = new TreePair(seed, PatchTests.ChangeCount, SourceTexts.All);
            var patch = Patch.Create(pair.Changes, pair.Contents);
            Assert.Equal(Patch.Empty, patch.Compose(patch.Reverse()));
            Assert.Equal(Patch.Empty, patch.Reverse().Compose(patch));
        }, iter: 200);

    [Fact]
    public void The_empty_patch_changes_nothing_on_either_side() =>
        Gen.Int.Sample(seed =>
        {
            var pair = new TreePair(seed, PatchTests.ChangeCount);
            var patch = Patch.Create(pair.Changes, pair.Contents);
            Assert.Equal(patch, patch.Compose(Patch.Empty));
            Assert.Equal(patch, Patch.Empty.Compose(patch));
        }, iter: 50);

    [Fact]
    public void Patches_without_context_or_blob_ids_compose_too() =>
        Gen.Int.Sample(seed =>
        {
            var first = new TreePair(seed, PatchTests.ChangeCount);
            var second = TreePair.Following(first, seed + 1);
            var options = new PatchOptions { ContextLineCount = seed & 1, HasBlobIds = false };
            var composed = Patch.Create(first.Changes, first.Contents, options).Compose(Patch.Create(second.Changes, second.Contents, options));
            PatchTests.AssertLeadsTo(second.After, first, composed, first.Before);
            PatchTests.AssertLeadsTo(first.Before, second, composed.Reverse(), second.After);
        }, iter: 200);

    [Fact]
    public void Patches_that_do_not_follow_each_other_are_refused()
    {
        var contents = new MemoryContents();
        var options = new PatchOptions { HasBlobIds = false };
        var path = WorkspacePath.Parse("a");

        FileState State(string text) => contents.File(Encoding.ASCII.GetBytes(text));

        var first = Patch.Create([new FileChange(path, State("1\n2\n"), State("1\n3\n"))], contents, options);
        var other = Patch.Create([new FileChange(path, State("1\n4\n"), State("1\n5\n"))], contents, options);
        Assert.Throws<ArgumentException>(() => first.Compose(other));
    }

    [Fact]
    public void Deltas_compose_without_the_content_between_them() =>
        Gen.Int.Sample(seed =>
        {
            var random = new Random(seed);
            var contents = new MemoryContents();
            var versions = new List<byte[]> { new byte[4000] };
            random.NextBytes(versions[0]);
            versions[0][17] = 0;
            for (var i = 0; i < 3; i++)
            {
                versions.Add(Spliced(versions[^1], random));
            }

            var path = WorkspacePath.Parse("image");
            var patch = Patch.Empty;
            for (var i = 1; i < versions.Count; i++)
            {
                var step = Patch.Create([new FileChange(path, contents.File(versions[i - 1]), contents.File(versions[i]))], contents);
                Assert.Equal(BinaryPayloadKind.Delta, Assert.Single(step.Files).Binary!.Forward.Kind);
                patch = patch.Compose(step);
            }

            var applied = Assert.IsType<PatchApplyResult.Applied>(patch.Apply(_ => new FileVersion(contents.File(versions[0]), versions[0])));
            Assert.Equal(versions[^1], Assert.Single(applied.Files).After.Content.ToArray());
        }, iter: 200);

    [Fact]
    public void A_composed_hunk_inside_a_file_ends_with_context_even_among_equal_lines()
    {
        // Git takes a hunk without context at its end for one that must end the file.
        var composed = Composed("x\nx\nx\nx\nx\nx\nx\nx\nend\n", "a\nx\nx\nx\nx\nx\nx\nx\nx\nend\n", "x\nx\nx\nx\nx\nx\nx\nx\nx\nend\n");
        Assert.True(Assert.Single(Assert.Single(composed.Files).Hunks).EndsWithContext);
    }

    [Fact]
    public void A_moved_file_that_is_then_removed_makes_room_for_the_one_made_in_its_old_place()
    {
        var contents = new MemoryContents();
        var (a, b) = (WorkspacePath.Parse("a"), WorkspacePath.Parse("b"));
        var (old, made) = (contents.File("old\n"u8.ToArray()), contents.File("made\n"u8.ToArray()));
        var first = Patch.Create([new FileChange(a, FileState.None, made), new FileChange(b, old, old, a)], contents);
        var composed = first.Compose(Patch.Create([new FileChange(b, old, FileState.None)], contents));
        var files = Assert.IsType<PatchApplyResult.Applied>(
            composed.Apply(path => path == a ? new FileVersion(old, "old\n"u8.ToArray()) : FileVersion.None)).Files;
        Assert.Equal(made, Assert.Single(files).After.State);
    }

    [Fact]
    public void An_edit_that_is_taken_back_in_part_leaves_the_rest()
    {
        var composed = Composed("1\n2\n3\n", "1\nx\ny\n", "1\n2\ny\n");
        Assert.Equal(" 1\n 2\n-3\n+y\n", Encoding.ASCII.GetString(Assert.Single(Assert.Single(composed.Files).Hunks).Body.Span));
    }

    private static Patch Composed(string before, string between, string after)
    {
        var contents = new MemoryContents();
        var path = WorkspacePath.Parse("a");

        FileState State(string text) => contents.File(Encoding.ASCII.GetBytes(text));

        return Patch.Create([new FileChange(path, State(before), State(between))], contents)
            .Compose(Patch.Create([new FileChange(path, State(between), State(after))], contents));
    }

    /// <summary>The bytes with a piece moved and a few new ones, the first hundred as they were.</summary>
    private static byte[] Spliced(byte[] bytes, Random random)
    {
        var at = random.Next(100, bytes.Length - 1000);
        var added = new byte[random.Next(1, 200)];
        random.NextBytes(added);
        return [.. bytes[..at], .. bytes[(at + 500)..(at + 800)], .. added, .. bytes[at..(at + 500)], .. bytes[(at + 800)..]];
    }

    private static void ForAnyTwo(Action<TreePair, TreePair, Patch> check) =>
        Gen.Int.Sample(seed =>
        {
            var first = new TreePair(seed, PatchTests.ChangeCount, SourceTexts.All);
            var second = TreePair.Following(first, seed + 1);
            var composed = Patch.Create(first.Changes, first.Contents).Compose(Patch.Create(second.Changes, second.Contents));
            check(first, second, composed);
        }, iter: 300);
}
