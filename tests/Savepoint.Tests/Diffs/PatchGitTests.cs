using CsCheck;
using Savepoint.Diffs;
using Xunit;

namespace Savepoint.Tests.Diffs;

/// <summary>Git as the witness: what it makes of our patches.</summary>
public sealed class PatchGitTests
{
    private const int ChangesPerRound = 80;

    private static readonly int Rounds =
        int.TryParse(Environment.GetEnvironmentVariable("SAVEPOINT_GIT_ROUNDS"), out var rounds) ? rounds : 40;

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
}
