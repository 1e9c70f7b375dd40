namespace Savepoint.Crash;

/// <summary>
/// A faulty system: each error, at each call in turn, once and from then on. The verb ends in order, says what to do next,
/// leaves the workspace as before or wholly as after, and a store that is sound.
/// </summary>
public sealed class FaultTests
{
    private const int OwnFailureOfRun = 125; // its child's codes are the child's

    public static TheoryData<string> Names => [.. Scenarios.All.Select(scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Where_a_call_fails_a_verb_fails_whole_and_says_so(string name)
    {
        if (!FaultLayer.IsHere($"errors during '{name}'"))
        {
            return;
        }

        using var first = Stage.Make(name);
        foreach (var isLasting in (bool[])[false, true])
        {
            var faults = Errors.Of.SelectMany((error, i) => Points(first, error.Value, i).Select(at => new Fault { FailAt = at, Error = error.Key, IsLasting = isLasting, HasReads = true })).ToList();
            var tally = new Tally(name, isLasting ? "all calls fail from one on" : "one call fails") { Points = Errors.Of.Values.Sum(effects => Possible(first, effects)) };
            Spread.Share(name, faults, (stage, fault) => Fail(stage, tally, fault), first);
            tally.Check();
        }
    }

    private static long Possible(Stage stage, Effect[] effects) => effects.Sum(effect => stage.Calls[(int)effect]);

    // Where not all are tried, each error begins at other points.
    private static IEnumerable<long> Points(Stage stage, Effect[] effects, int error)
    {
        var last = Possible(stage, effects);
        return Spread.Over(last, Size.FaultPoints).Select(at => Size.FaultPoints >= last ? at : Math.Max(1, at * (error + 1) / (Errors.Of.Count + 1)));
    }

    private static void Fail(Stage stage, Tally tally, Fault fault)
    {
        var ended = stage.Run(fault);
        if (!ended.HasFired)
        {
            return;
        }

        var aftermath = new Aftermath(stage);
        var wrong = Wrong(stage, fault, ended, aftermath).Concat(aftermath.Losses(ended)).Select(loss => $"{fault} ({ended.Where}), exit code {ended.ExitCode}: {loss}");
        tally.Add(ended.IsStoreOpened, isBetween: true, wrong.ToList());
    }

    private static IEnumerable<string> Wrong(Stage stage, Fault fault, Ended ended, Aftermath aftermath)
    {
        var tree = stage.World.Tree();
        var failed = stage.Scenario.Arguments[0] == "run" ? OwnFailureOfRun : 1;
        if (ended.ExitCode != 0 && ended.ExitCode != failed)
        {
            yield return $"neither done nor failed: {ended.Error.Trim()}";
        }
        else if (ended.ExitCode == failed && !SaysWhatToDo(ended))
        {
            yield return $"it does not say what, why and what next: {ended.Error.Trim()}{ended.Output.Trim()}";
        }
        else if (ended.ExitCode == 0 && !tree.Equals(stage.After) && !IsQuietByContract(stage) && !Aftermath.SaysWhatIsLeft(ended))
        {
            yield return $"it says that it is done: {tree.Difference(stage.After)}";
        }

        // Where every call fails, nothing can be taken back: then the next command does that.
        if (!fault.IsLasting && !aftermath.IsWhole(tree, ended))
        {
            yield return $"half-done: {tree.Difference(stage.Before)} || {tree.Difference(stage.After)}";
        }
    }

    // A hook never breaks its client, and a server answers each call by itself.
    private static bool IsQuietByContract(Stage stage) => stage.Scenario.Arguments[0] is "hook" or "mcp";

    private static bool SaysWhatToDo(Ended ended) =>
        ended.Error.Contains("savepoint: ", StringComparison.Ordinal) && !ended.Error.Contains("Unexpected failure", StringComparison.Ordinal) && ended.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length >= 2;
}
