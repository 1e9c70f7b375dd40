using Savepoint.Cli.Output;
using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary>How <c>merge</c> answers.</summary>
internal static class MergeAnswer
{
    /// <summary>Shows the result and gives the exit code.</summary>
    public static int Give(Invocation invocation, SnapshotManager workspace, MergeResult result)
    {
        var (terminal, restore) = (invocation.Terminal, result.Restore);
        if (terminal.IsJson)
        {
            terminal.Json(json => MergeJson.Write(json, result, workspace));
        }
        else
        {
            Show(invocation, workspace, result);
        }

        if (result.Captured is { } captured)
        {
            terminal.Note($"what was not recorded yet in {result.Branch} is in snapshot {captured}");
        }

        if (restore.Drift is { } drift)
        {
            terminal.Note($"what was not recorded yet here is in snapshot {drift}");
        }

        return restore.Ending switch
        {
            RestoreEnding.Failed => throw RestoreAnswer.Failure("merge", restore),
            RestoreEnding.Conflicted => Report(terminal, result),
            _ => ExitCode.Done,
        };
    }

    private static void Show(Invocation invocation, SnapshotManager workspace, MergeResult result)
    {
        var (terminal, paint, restore) = (invocation.Terminal, invocation.Paint, result.Restore);
        var count = Quantity.Of(restore.Files.Count(file => file.Result == RestoreFileResult.Done), "path");
        var how = result.IsFastForward ? "as it is, since nothing else was done here" : $"from what both had, snapshot {result.Base}";
        switch (restore.Ending)
        {
            case RestoreEnding.NothingToDo:
                terminal.Say($"Nothing to merge: all of {SafeText.Of(result.Branch)} is in {SafeText.Of(workspace.Branch)}.");
                return;
            case RestoreEnding.Conflicted:
                foreach (var conflict in restore.Conflicts)
                {
                    terminal.Line($"  {ConflictText.Line(conflict, sides: ConflictSides.Branches, isWritten: restore.Snapshot is not null)}");
                }

                return;
            case RestoreEnding.DryRun:
                terminal.Line($"Would merge {SafeText.Of(result.Branch)} (snapshot {result.Theirs}), {how}: {count}.");
                break;
            case RestoreEnding.Restored:
                terminal.Say($"Merged {SafeText.Of(result.Branch)} (snapshot {paint.Number(result.Theirs.ToString())}), {how}: {count}, checked, in {Quantity.Duration(restore.Elapsed)}. This is snapshot {paint.Number(restore.Snapshot.ToString()!)}.");
                break;
            default:
                terminal.Say($"Could not merge {SafeText.Of(result.Branch)}; {(restore.IsTakenBack ? "everything is as it was" : "it could not be taken back either")}.");
                break;
        }

        foreach (var file in restore.Files)
        {
            var line = $"  {JsonNames.Of(file.Action),-7} {SafeText.Of(file.Path)}{(file.Reason is { } reason ? $" ({SafeText.Of(reason)})" : "")}";
            if (restore.Ending == RestoreEnding.DryRun)
            {
                terminal.Line(line);
            }
            else
            {
                terminal.Say(line);
            }
        }
    }

    private static int Report(Terminal terminal, MergeResult result)
    {
        var count = Quantity.Of(result.Restore.Conflicts.Count, "path");
        if (result.Restore.Snapshot is { } snapshot)
        {
            terminal.Error($"{result.Branch} conflicts with this branch in {count}. All else was merged; {ConflictText.Written(result.Restore.Conflicts)}.", ConflictText.Mend(result.Restore.Conflicts, snapshot, ConflictSides.Branches));
        }
        else
        {
            terminal.Error($"{result.Branch} conflicts with this branch in {count}. Nothing was written.", ConflictText.WayToMerge(result.Branch, result.Theirs, result.Restore.Conflicts));
        }

        return ExitCode.Conflict;
    }
}
