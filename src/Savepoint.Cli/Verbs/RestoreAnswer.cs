using Savepoint.Cli.Arguments;
using Savepoint.Cli.Output;
using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary>How undo, redo, rollback and revert answer, all alike.</summary>
internal static class RestoreAnswer
{
    /// <summary>Shows the result and gives the exit code.</summary>
    public static int Give(Invocation invocation, SnapshotManager workspace, string verb, RestoreResult result, ResolvedRevision resolved = default)
    {
        if (invocation.Terminal.IsJson)
        {
            invocation.Terminal.Json(json => RestoreJson.Write(json, result, workspace, resolved));
        }
        else
        {
            Show(invocation, workspace, verb, result);
        }

        if (result.Drift is { } drift)
        {
            invocation.Terminal.Note($"what was not recorded yet is in snapshot {drift}");
        }

        if (result is { Ending: RestoreEnding.Restored or RestoreEnding.NothingToDo, IsVerified: false, Files: [_, ..] })
        {
            var unknown = Quantity.Of(result.Files.Count(file => file.Result == RestoreFileResult.Unchanged), "path");
            invocation.Terminal.Note($"{unknown} may not be what snapshot {result.Target} holds: {(invocation.Terminal.IsJson ? "see 'reason'" : "the reason stands beside each")}");
        }

        if (result.GitNote is { } note)
        {
            invocation.Terminal.Note(note);
        }

        return result.Ending switch
        {
            RestoreEnding.Failed => throw Failure(verb, result),
            RestoreEnding.Conflicted => ConflictText.Report(invocation.Terminal, result),
            _ => ExitCode.Done,
        };
    }

    private static void Show(Invocation invocation, SnapshotManager workspace, string verb, RestoreResult result)
    {
        var (terminal, paint) = (invocation.Terminal, invocation.Paint);
        var count = Quantity.Of(result.Files.Count(file => file.Result == RestoreFileResult.Done), "path");
        switch (result.Ending)
        {
            case RestoreEnding.NothingToDo:
                terminal.Say(result.Target is { } there && !result.IsInversion ? $"Nothing to do: what was asked for is as snapshot {there} holds it{(result.IsVerified ? "" : ", not all of it checked")}." : $"Nothing to {verb}.");
                break;
            case RestoreEnding.Conflicted:
                ConflictText.List(terminal, result, workspace.GetSnapshot);
                return;
            case RestoreEnding.DryRun:
                terminal.Line($"Would restore snapshot {result.Target}: {count}.");
                break;
            case RestoreEnding.Restored:
                terminal.Say($"{(result.IsInversion ? "Inverted" : "Restored")} snapshot {paint.Number(result.Target.ToString()!)}{Later(result)}: {count}, {(result.IsVerified ? "checked" : "not all of it checked")}, in {Quantity.Duration(result.Elapsed)}. This is snapshot {paint.Number(result.Snapshot.ToString()!)}.{(result.StepCount > 1 ? $" 'redo {result.StepCount}' brings all of it back." : "")}");
                break;
            default:
                terminal.Say($"Could not {(result.IsInversion ? "invert" : "restore")} snapshot {result.Target}; {(result.IsTakenBack ? "everything is as it was" : "it could not be taken back either")}.");
                break;
        }

        foreach (var file in result.Files)
        {
            var reason = file.Reason is { } why ? $" ({file.Result.ToString().ToLowerInvariant()}: {SafeText.Of(why)})" : "";
            var line = $"  {JsonNames.Of(file.Action),-7} {SafeText.Of(file.Path)}{reason}";
            if (result.Ending == RestoreEnding.DryRun)
            {
                terminal.Line(line);
            }
            else
            {
                terminal.Say(line);
            }
        }
    }

    // The newest operation is inverted first: the target is the oldest of them.
    private static string Later(RestoreResult result) => result.StepCount > 1 ? $" and {result.StepCount - 1} later" : "";

    internal static SavepointException Failure(string verb, RestoreResult result)
    {
        var failed = result.Files.FirstOrDefault(file => file.Result == RestoreFileResult.Failed);
        var where = failed is null ? "a path could not be written" : $"{SafeText.Of(failed.Path)} ({failed.Reason?.TrimEnd('.')})";
        return result.IsTakenBack
            ? new SavepointException(ErrorCode.RestoreFailed, $"The {verb} was not carried out: {where}. No file was changed.", "Mend that (permissions, disk space, a process that keeps writing there) and repeat the command.")
            : new SavepointException(ErrorCode.RestoreFailed, $"The {verb} was begun and could neither be finished nor taken back: {where}. Some files are as before, others as they should become.", "Mend that (permissions, a file system that is read-only); the next command finishes it.");
    }
}
