using CsCheck;
using Savepoint.Storage.Expiry;
using Xunit;

namespace Savepoint.Tests.Bounds;

public sealed class ExpiryPlanTests
{
    private static readonly HashSet<long> Nothing = [];

    [Fact]
    public void Of_each_group_the_last_stays()
    {
        Assert.Equal([(1, 3), (4, 5)], ExpiryPlan.Ranges(Groups(1, 1, 1, 2, 2, 3), Nothing, ExpiryStage.Thin));
    }

    [Fact]
    public void The_oldest_history_becomes_one_whoever_made_it()
    {
        Assert.Equal([(1, 6)], ExpiryPlan.Ranges(Groups(1, 1, 1, 2, 2, 3), Nothing, ExpiryStage.Oldest));
    }

    [Fact]
    public void What_is_held_is_the_end_of_a_range()
    {
        var candidates = Groups(1, 1, 1, 1, 1);
        candidates[2] = candidates[2] with { IsHeld = true };

        Assert.Equal([(1, 3), (4, 5)], ExpiryPlan.Ranges(candidates, Nothing, ExpiryStage.Oldest));
    }

    [Fact]
    public void What_an_undo_that_goes_led_back_to_goes_with_it_and_what_one_that_stays_leads_back_to_stays()
    {
        var candidates = Groups(1, 1, 1, 1, 1, 1);
        candidates[3] = candidates[3] with { Target = 2 };
        Assert.Equal([(1, 6)], ExpiryPlan.Ranges(candidates, Nothing, ExpiryStage.Oldest));

        candidates[3] = candidates[3] with { IsHeld = true };
        Assert.Equal([(1, 2), (3, 4), (5, 6)], ExpiryPlan.Ranges(candidates, Nothing, ExpiryStage.Oldest));
    }

    [Fact]
    public void What_was_inverted_by_itself_stays_apart_from_what_was_before_it()
    {
        var candidates = Groups(1, 1, 1, 1, 1);
        candidates[4] = candidates[4] with { Target = 3, BeforeTarget = 2 };

        Assert.Equal([(1, 2), (4, 5)], ExpiryPlan.Ranges(candidates, Nothing, ExpiryStage.Oldest));
    }

    [Fact]
    public void Nothing_that_stays_leads_back_to_what_goes()
    {
        var snapshots = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 9], Gen.Int[0, 40], (group, held, back) => (group, held, back)).Array[0, 40];
        Gen.Select(snapshots, Gen.Int[1, 40].HashSet[0, 5], Gen.Bool).Sample((drawn, wanted, isThin) =>
        {
            var candidates = drawn.Select((one, i) => new ExpiryCandidate(i + 1, one.group, one.held == 0, one.back < i && one.back > 0 ? one.back : null, null)).ToList();
            var ranges = ExpiryPlan.Ranges(candidates, wanted.Select(number => (long)number).ToHashSet(), isThin ? ExpiryStage.Thin : ExpiryStage.Oldest);
            var gone = ranges.SelectMany(range => Enumerable.Range((int)range.First, (int)(range.Last - range.First))).Select(number => (long)number).ToHashSet();

            Assert.All(candidates, candidate => Assert.False(gone.Contains(candidate.Number) && (candidate.IsHeld || wanted.Contains((int)candidate.Number))));
            Assert.All(candidates.Where(candidate => candidate.Target is not null && !gone.Contains(candidate.Number)), candidate => Assert.DoesNotContain(candidate.Target!.Value, gone));
            Assert.All(ranges, range => Assert.True(range.First < range.Last));
            Assert.All(ranges.Zip(ranges.Skip(1)), pair => Assert.True(pair.First.Last < pair.Second.First));
        });
    }

    private static List<ExpiryCandidate> Groups(params long[] groups) => [.. groups.Select((group, i) => new ExpiryCandidate(i + 1, group, false, null, null))];
}
