using CsCheck;
using Savepoint.Model;
using Savepoint.Recording;
using Xunit;

namespace Savepoint.Tests.Recording;

/// <summary>What disappeared here and appeared there with the same bytes is a move.</summary>
public sealed class ChangeListTests
{
    [Fact]
    public void Of_several_of_one_content_that_of_the_same_name_has_moved_and_then_the_first()
    {
        var changes = ChangeList.Build([Gone("a/x"), Gone("b/y"), Gone("c/y"), Added("d/y"), Added("d/z")]);

        Assert.Equal(["a/x -> d/z", "b/y -> d/y", "c/y -> "], changes.Select(change => $"{(change.OldPath is { } old ? $"{old} -> {change.Path}" : $"{change.Path} -> ")}").Order());
    }

    /// <summary>Held against the rule as it reads: of what is left, the same name, then the first path.</summary>
    [Fact]
    public void Whatever_went_and_came_the_moves_are_those_of_the_rule() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 4], Gen.Int[0, 2], Gen.Bool).Array[0, 30].Sample(drawn =>
        {
            var states = drawn.Select(entry => (Path: $"{(entry.Item4 ? "from" : "to")}-{entry.Item1}/{entry.Item2}", Content: entry.Item3, IsGone: entry.Item4)).DistinctBy(entry => entry.Path)
                .Select(entry => entry.IsGone ? Gone(entry.Path, entry.Content) : Added(entry.Path, entry.Content)).ToList();

            var moves = ChangeList.Build(states).Where(change => change.OldPath is not null).ToDictionary(change => change.Path, change => change.OldPath!.Value);

            Assert.Equal(ByTheRule(states).OrderBy(move => move.Key), moves.OrderBy(move => move.Key));
        });

    [Fact]
    public void A_folder_of_many_equal_files_is_moved_in_no_time_to_speak_of()
    {
        const int Count = 50_000; // of which each beside each other is 2,500,000,000 comparisons

        var changes = ChangeList.Build(Enumerable.Range(0, Count).SelectMany(i => new[] { Gone($"from/{i}"), Added($"to/{i}") }));

        Assert.Equal(Count, changes.Count);
        Assert.All(changes, change => Assert.Equal(change.Path.Name.ToArray(), change.OldPath!.Value.Name.ToArray()));
    }

    private static Dictionary<WorkspacePath, WorkspacePath> ByTheRule(List<FileChange> states)
    {
        var left = states.FindAll(change => change.After.IsAbsent);
        var moves = new Dictionary<WorkspacePath, WorkspacePath>();
        foreach (var added in states.Where(change => change.Before.IsAbsent))
        {
            var source = left.Where(gone => gone.Before == added.After).OrderBy(gone => gone.Path.Name.SequenceEqual(added.Path.Name) ? 0 : 1).ThenBy(gone => gone.Path).FirstOrDefault();
            if (source is not null)
            {
                left.Remove(source);
                moves[added.Path] = source.Path;
            }
        }

        return moves;
    }

    private static FileChange Gone(string path, int content = 0) => new(WorkspacePath.Parse(path), State(content), FileState.None);

    private static FileChange Added(string path, int content = 0) => new(WorkspacePath.Parse(path), FileState.None, State(content));

    private static FileState.Regular State(int content) => new(UnixMode.DefaultFile, ContentId.Of([(byte)content]), 1);
}
