using CsCheck;
using Savepoint.Compaction;
using Savepoint.Model;
using Xunit;

namespace Savepoint.Tests.Compaction;

/// <summary>The law of compaction, over random histories: no end state changes, no kept state, no difference across a barrier.</summary>
public sealed class CompactionLawTests
{
    private static readonly Gen<(int Kind, int File, int Text, int Pause)[]> Histories =
        Gen.Select(Gen.Int[0, 19], Gen.Int[0, 3], Gen.Int[0, 5], Gen.Int[0, 7]).Array[2, 60];

    [Fact]
    public void Merges_change_no_state_that_stays() => Histories.Sample(
        steps =>
        {
            var (history, kept) = Write(steps);
            foreach (var level in Enum.GetValues<CompactionLevel>())
            {
                Check(history, kept, history.Plan(level, [.. kept]));
            }
        },
        iter: 3000);

    [Fact]
    public void What_is_merged_at_a_level_is_merged_at_the_next() => Histories.Sample(
        steps =>
        {
            var (history, kept) = Write(steps);
            var aggressive = history.Plan(CompactionLevel.Aggressive, [.. kept]);
            Assert.All(history.Plan(CompactionLevel.Normal, [.. kept]), merge => Assert.Contains(aggressive, wider => wider.First <= merge.First && merge.Last <= wider.Last));
        },
        iter: 1000);

    private static void Check(WrittenHistory history, HashSet<SnapshotNumber> kept, IReadOnlyList<Merge> merges)
    {
        var end = new SnapshotNumber(0);
        foreach (var merge in merges)
        {
            Assert.True(end < merge.First && merge.First < merge.Last, "merges overlap, or are of one");
            end = merge.Last;
            var within = history.Snapshots.Where(snapshot => merge.First <= snapshot.Number && snapshot.Number <= merge.Last).ToList();
            Assert.All(within, snapshot => Assert.Equal(SnapshotKind.Operation, snapshot.Kind));
            Assert.Single(within.Select(snapshot => snapshot.Actor.Turn).Distinct());
            Assert.DoesNotContain(within.SkipLast(1), snapshot => kept.Contains(snapshot.Number));
            Assert.Equal(within.Count, merge.OperationCount);

            // Applied to the state before its first, it gives the state after its last.
            var tree = new Dictionary<WorkspacePath, FileState>(within[0].Parent is { } parent ? history.Trees[parent] : []);
            foreach (var change in merge.Changes)
            {
                Assert.NotEqual(change.Before, change.After);
                Assert.Equal(change.Before, tree.GetValueOrDefault(change.Path, FileState.None));
                tree[change.Path] = change.After;
            }

            Assert.Equal(history.Trees[merge.Last].OrderBy(entry => entry.Key), tree.Where(entry => !entry.Value.IsAbsent).OrderBy(entry => entry.Key));
        }
    }

    private static (WrittenHistory History, HashSet<SnapshotNumber> Kept) Write((int Kind, int File, int Text, int Pause)[] steps)
    {
        var (history, kept) = (new WrittenHistory(), new HashSet<SnapshotNumber>());
        history.Add(SnapshotKind.Baseline, ("file-0", "0"));
        var turn = 1;
        foreach (var (kind, file, text, pause) in steps)
        {
            history.Pause(pause);
            var change = ($"file-{file}", text == 0 ? null : string.Concat(Enumerable.Range(0, 6).Select(line => $"line {(line < text ? line + file : line)}\n")));
            switch (kind)
            {
                case 0:
                    history.Actor = history.Actor with { Turn = $"turn-{++turn}" };
                    break;
                case 1:
                    kept.Add(history.Last);
                    break;
                case 2:
                    history.Add(SnapshotKind.Rollback, change);
                    break;
                case 3:
                    history.Write(change, ("file-9", $"{text} "));
                    break;
                default:
                    history.Write(change);
                    break;
            }
        }

        return (history, kept);
    }
}
