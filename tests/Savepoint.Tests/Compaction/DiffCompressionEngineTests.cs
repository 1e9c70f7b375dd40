using Savepoint.Compaction;
using Savepoint.Model;
using Xunit;

namespace Savepoint.Tests.Compaction;

public sealed class DiffCompressionEngineTests
{
    private readonly WrittenHistory _history = new();

    [Fact]
    public void The_seeds_three_edits_of_one_file_become_one()
    {
        var first = Edit("utils.js", "console.log('debug1')\n");
        Edit("utils.js", "console.log('debug1')\nconsole.log('debug2')\n");
        var last = Edit("utils.js", "console.log('debug1')\nconsole.log('debug2')\nconsole.log('debug3')\n");

        var merge = Assert.Single(_history.Plan(CompactionLevel.Normal));

        Assert.Equal((first, last, 3, MergeRule.ContinuousEdits), (merge.First, merge.Last, merge.OperationCount, merge.Rule));
        Assert.True(Assert.Single(merge.Changes).Before.IsAbsent);
    }

    [Theory]
    [InlineData(5, 1)]
    [InlineData(5.001, 0)]
    [InlineData(-60, 0)]
    public void Edits_are_continuous_within_five_seconds(double gap, int merges)
    {
        Edit("a", "1");
        _history.Pause(gap - 1);
        Edit("a", "2");

        Assert.Equal(merges, _history.Plan(CompactionLevel.Normal).Count);
    }

    [Fact]
    public void Edits_of_different_files_are_not_continuous()
    {
        Edit("a", "1");
        Edit("b", "1");
        _history.Write(("a", "2"), ("b", "2"));
        _history.Write(("a", "3"), ("b", "3"));

        Assert.Empty(_history.Plan(CompactionLevel.Normal));
    }

    [Theory]
    [InlineData("another turn")]
    [InlineData("another session")]
    [InlineData("another agent")]
    [InlineData("a label")]
    [InlineData("a rollback between")]
    [InlineData("a command's exit code")]
    public void Nothing_merges_across(string barrier)
    {
        var first = Edit("a", "1");
        var kept = Array.Empty<SnapshotNumber>();
        switch (barrier)
        {
            case "another turn": _history.Actor = _history.Actor with { Turn = "turn-2" }; break;
            case "another session": _history.Actor = _history.Actor with { Session = "other" }; break;
            case "another agent": _history.Actor = _history.Actor with { Agent = "other" }; break;
            case "a label": kept = [first]; break;
            case "a rollback between": _history.Add(SnapshotKind.Rollback, ("a", "0")); break;
            default: _history.Snapshots[^1] = _history.Snapshots[^1] with { ExitCode = 0 }; break;
        }

        Edit("a", "2");

        Assert.Empty(_history.Plan(CompactionLevel.Emergency, kept));
    }

    [Fact]
    public void A_label_may_be_the_end_of_a_merge()
    {
        Edit("a", "1");
        var labelled = Edit("a", "2");

        Assert.Equal(labelled, Assert.Single(_history.Plan(CompactionLevel.Normal, labelled)).Last);
    }

    [Fact]
    public void A_cycle_nets_to_nothing_and_only_the_higher_levels_take_it()
    {
        Edit("other", "x");
        var first = Edit("a", "one\ntwo\n");
        Edit("b", "made");
        Edit("b", null);
        Edit("c", "made too");
        _history.Write(("a", null), ("c", null));
        var last = Edit("a", "one\n");

        var merges = _history.Plan(CompactionLevel.Aggressive);

        Assert.Empty(_history.Plan(CompactionLevel.Normal));
        Assert.Contains(merges, merge => merge.Rule == MergeRule.AddDeleteCycle && merge.Changes.Count == 0 && merge.First == first);
        Assert.DoesNotContain(merges, merge => merge.Last == last);
    }

    [Fact]
    public void Changes_of_white_space_only_chain_up_and_others_stop_the_chain()
    {
        _history.Write(("a", "if(x){y();}"), ("b", "z;"));
        Edit("a", "if (x) { y(); }");
        Edit("b", " z;\n");
        var last = _history.Write(("a", "if (x)\n{\n    y();\n}\n"), ("b", "z;\n"));
        Edit("a", "if (x)\n{\n    yy();\n}\n");

        var merge = Assert.Single(_history.Plan(CompactionLevel.Aggressive));

        Assert.Equal((last, 3, MergeRule.FormattingChain), (merge.Last, merge.OperationCount, merge.Rule));
    }

    [Fact]
    public void The_steps_of_extracting_a_method_become_one()
    {
        const string Body = "    var total = 0;\n    foreach (var item in items)\n        total += item.Price;\n    return total;\n";
        _history.Write(("cart.cs", $"int Sum() {{\n{Body}}}\n"), ("other.cs", "class Other;\n"));
        _history.Pause(60);
        var first = Edit("pricing.cs", $"static int Total(Items items) {{\n{Body}}}\n");
        _history.Pause(60);
        Edit("other.cs", "class Other { }\n");
        _history.Pause(60);
        var last = Edit("cart.cs", "int Sum() => Pricing.Total(items);\n");
        _history.Pause(60);
        Edit("readme", "nothing to do with it\n");

        var merge = Assert.Single(_history.Plan(CompactionLevel.Aggressive));

        Assert.Equal((first, last, 3, MergeRule.Refactoring), (merge.First, merge.Last, merge.OperationCount, merge.Rule));
    }

    private SnapshotNumber Edit(string path, string? text) => _history.Write((path, text));
}
