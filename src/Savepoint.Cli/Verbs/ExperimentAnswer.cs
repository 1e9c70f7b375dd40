using Savepoint.Cli.Output;
using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary>How <c>try</c> answers.</summary>
internal static class ExperimentAnswer
{
    /// <summary>Shows the ranking and gives the exit code.</summary>
    public static int Give(Invocation invocation, SnapshotManager workspace, ExperimentResult result)
    {
        var (terminal, experiment, merge) = (invocation.Terminal, result.Experiment, result.Merge?.Restore);
        if (terminal.IsJson)
        {
            terminal.Json(json =>
            {
                json.WriteStartObject();
                json.WritePosition(workspace, merge?.Snapshot ?? result.Captured);
                ExperimentJson.WriteMembers(json, experiment);
                json.WriteSnapshot("captured", result.Captured);
                json.WriteBoolean("written", merge?.Snapshot is not null);
                ConflictJson.WriteConflicts(json, merge?.Conflicts ?? []);
                json.WriteEndObject();
            });
        }
        else
        {
            Show(invocation, result);
        }

        if (result.Captured is { } captured)
        {
            terminal.Note($"what was not recorded yet is in snapshot {captured}");
        }

        return merge?.Ending switch
        {
            RestoreEnding.Failed => throw RestoreAnswer.Failure("merge", merge),
            RestoreEnding.Conflicted => Conflict(terminal, experiment, result.Merge!),
            _ when experiment.Winner is null => None(terminal, experiment),
            _ => ExitCode.Done,
        };
    }

    private static void Show(Invocation invocation, ExperimentResult result)
    {
        var (terminal, experiment) = (invocation.Terminal, result.Experiment);
        var why = experiment.IsolationReason is { Length: > 0 } reason ? $" ({SafeText.Of(reason)})" : "";
        terminal.Say($"Experiment {experiment.Id}, from snapshot {experiment.Base}, {(experiment.Isolation == Isolation.Overlay ? "in overlays" : "in copies")}{why}, {Quantity.Duration(experiment.Elapsed)}:");
        foreach (var line in ExperimentText.Ranking(experiment, invocation.Paint))
        {
            terminal.Line(line);
        }

        foreach (var conflict in result.Merge?.Restore.Conflicts ?? [])
        {
            terminal.Line($"  {ConflictText.Line(conflict, sides: ConflictSides.Branches)}");
        }

        foreach (var kept in experiment.Approaches.Where(approach => approach.Directory is not null))
        {
            terminal.Say($"  kept: {SafeText.Of(kept.Directory!)}");
        }

        if (experiment.Winner is not null && result.Merge?.Restore.Ending is not RestoreEnding.Conflicted)
        {
            terminal.Say(ExperimentText.Next(experiment));
        }
    }

    private static int Conflict(Terminal terminal, Experiment experiment, MergeResult merge)
    {
        terminal.Error(
            $"The best, '{experiment.Winner}', conflicts with what was done here meanwhile in {Quantity.Of(merge.Restore.Conflicts.Count, "path")}. Nothing was written.",
            ConflictText.WayToMerge(merge.Branch, merge.Theirs, merge.Restore.Conflicts));
        return ExitCode.Conflict;
    }

    private static int None(Terminal terminal, Experiment experiment)
    {
        terminal.Error("No approach passed all gates. The workspace is as it was.", ExperimentText.Next(experiment));
        return ExitCode.Failed;
    }
}
