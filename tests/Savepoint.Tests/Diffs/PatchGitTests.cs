using CsCheck;
using Savepoint.Diffs;
using Savepoint.Model;
using Xunit;

namespace Savepoint.Tests.Diffs;

/// <summary>Git as the witness: what it makes of our patches.</summary>
public sealed class PatchGitTests
{
    private const int ChangesPerRound = 150;

    // 16 rounds are 2,400 changes; set SAVEPOINT_GIT_ROUNDS for more.
    private static readonly int Rounds =
        int.TryParse(Environment.GetEnvironmentVariable("SAVEPOINT_GIT_ROUNDS"), out var rounds) ? rounds : 16;

    [Fact]
    public void Git_apply_turns_the_one_tree_into_the_other_and_back() =>
        Gen.Int.Sample(seed =>
        {
            using var git = new GitWitness();
            var pair = new TreePair(seed, ChangesPerRound, SourceTexts.All);
            var patch = Patch.Create(pair.Changes, pair.Contents);
            Assert.Empty(patch.Unexpressed);
            var before = git.Store(pair.Before, pair.Contents);
            var after = git.Store(pair.After, pair.Contents);
            var bytes = patch.ToBytes();

            git.CheckOut(before);
            git.Apply(bytes);
            git.AssertWorkingTreeIs(after);
            git.Apply(bytes, "-R");
            git.AssertWorkingTreeIs(before);
            git.CheckOut(after);
            git.Apply(patch.Reverse().ToBytes());
            git.AssertWorkingTreeIs(before);
        }, iter: Rounds);

    [Theory]
    [InlineData]
    [InlineData("--no-prefix")]
    [InlineData("-M40%")]
    [InlineData("-U0")]
    [InlineData("--patience", "-U8")]
    public void A_patch_that_git_made_leads_to_the_same_tree_and_back(params string[] options) =>
        Gen.Int.Sample(seed =>
        {
            using var git = new GitWitness();
            var pair = new TreePair(seed, ChangesPerRound, SourceTexts.All);
            var patch = GitPatchParser.Parse(git.Diff(git.Store(pair.Before, pair.Contents), git.Store(pair.After, pair.Contents), options));
            PatchTests.AssertLeadsTo(pair.After, pair, patch, pair.Before);
            PatchTests.AssertLeadsTo(pair.Before, pair, patch.Reverse(), pair.After);
        }, iter: 3);

    [Fact]
    public void Git_apply_takes_a_composed_patch_from_the_first_tree_to_the_last_and_back() =>
        Gen.Int.Sample(seed =>
        {
            using var git = new GitWitness();
            var first = new TreePair(seed, ChangesPerRound, SourceTexts.All);
            var second = TreePair.Following(first, seed + 1);
            var composed = Patch.Create(first.Changes, first.Contents).Compose(Patch.Create(second.Changes, second.Contents));
            var (before, after) = (git.Store(first.Before, first.Contents), git.Store(second.After, second.Contents));
            git.CheckOut(before);
            git.Apply(composed.ToBytes());
            git.AssertWorkingTreeIs(after);
            git.Apply(composed.ToBytes(), "-R");
            git.AssertWorkingTreeIs(before);
        }, iter: 5);

    [Fact]
    public void Git_counts_the_same_added_and_deleted_lines() =>
        Gen.Int.Sample(seed =>
        {
            using var git = new GitWitness();
            var pair = new TreePair(seed, ChangesPerRound);
            var patch = Patch.Create(pair.Changes, pair.Contents);
            var ours = DiffStat.Of(patch).Select(stat => stat.IsBinary ? "-\t-" : $"{stat.AddedLineCount}\t{stat.DeletedLineCount}");
            var gits = git.NumStat(patch.ToBytes());
            Assert.Equal(ours, gits);
        }, iter: 3);

    [Fact]
    public void Git_applies_contents_too_large_to_compare_by_lines()
    {
        var random = new Random(1);
        var before = new byte[PatchOptions.MaxTextBytes + 1];
        random.NextBytes(before.AsSpan(0, 1_000_000));
        byte[] after = [.. "put in"u8, .. before];
        using var git = new GitWitness();
        var contents = new MemoryContents();
        var path = WorkspacePath.Parse("large");
        var change = new FileChange(path, contents.File(before), contents.File(after));
        var (first, second) = (git.Store(new Dictionary<WorkspacePath, FileState> { [path] = change.Before }, contents), git.Store(new Dictionary<WorkspacePath, FileState> { [path] = change.After }, contents));
        using var bytes = new MemoryStream();

        Patch.Create([change], contents).WriteTo(bytes);

        git.CheckOut(first);
        git.Apply(bytes.ToArray());
        git.AssertWorkingTreeIs(second);
        git.Apply(bytes.ToArray(), "-R");
        git.AssertWorkingTreeIs(first);
        Assert.Equal(Patch.Create([change], contents), GitPatchParser.Parse(bytes.ToArray()));
    }

    [Fact]
    public void Contents_beyond_the_exact_limit_are_only_said_to_differ_and_git_refuses_that()
    {
        var contents = new MemoryContents();
        var change = new FileChange(WorkspacePath.Parse("large"), FileState.None, contents.File(new byte[PatchOptions.MaxTextBytes + 1]));
        using var git = new GitWitness();

        var patch = Patch.Create([change], contents, PatchOptions.Default with { MaxExactBytes = PatchOptions.MaxTextBytes });

        Assert.Equal("diff --git a/large b/large\nnew file mode 100644\nBinary files /dev/null and b/large differ\n", System.Text.Encoding.UTF8.GetString(patch.ToBytes()));
        Assert.Equal([change], patch.Unexpressed);
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => git.Apply(patch.ToBytes()));
        Assert.IsType<PatchApplyResult.Conflicted>(patch.Apply(_ => FileVersion.None));
    }
}
