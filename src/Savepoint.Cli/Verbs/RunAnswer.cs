using Savepoint.Cli.Output;
using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary>How <c>run</c> answers: on standard error, since standard output is the command's, or one JSON document.</summary>
internal static class RunAnswer
{
    public static void Give(Invocation invocation, SnapshotManager workspace, RunResult result)
    {
        var terminal = invocation.Terminal;
        if (terminal.IsJson)
        {
            WriteJson(terminal, workspace, result);
        }

        Say(terminal, result);
    }

    private static void WriteJson(Terminal terminal, SnapshotManager workspace, RunResult result) => terminal.Json(json =>
    {
        var command = result.Capture.Snapshot!;
        json.WriteStartObject();
        json.WritePosition(workspace, result.Restored?.Snapshot ?? command.Number);
        json.WriteSnapshot("commandSnapshot", command.Number);
        json.WriteNumber("exitCode", command.ExitCode!.Value);
        json.WriteBoolean("timedOut", result.IsTimedOut);
        json.WriteNumber("durationMs", Math.Round(command.Duration!.Value.TotalMilliseconds, 3));
        ChangeJson.WriteAll(json, command.Changes, workspace.Contents);
        CoverageJson.Write(json, result.Capture.Coverage);
        json.WriteBoolean("rolledBack", result.IsRolledBack);
        json.WriteSnapshot("drift", result.Drift);
        json.WriteElapsed(result.Elapsed);
        json.WriteEndObject();
    });

    private static void Say(Terminal terminal, RunResult result)
    {
        var command = result.Capture.Snapshot!;
        var ended = result.IsTimedOut ? $"its time was up, it ended with {command.ExitCode}" : command.ExitCode == 0 ? "it succeeded" : $"it ended with {command.ExitCode}";
        terminal.Note($"snapshot {command.Number} holds {Quantity.Of(command.Changes.Count, "change")} of the command; {ended} after {Quantity.Duration(command.Duration!.Value)}");
        if (result.Drift is { } drift)
        {
            terminal.Note($"what was not recorded before is in snapshot {drift}");
        }

        foreach (var line in CoverageText.Lines(result.Capture.Coverage))
        {
            terminal.Note(line);
        }

        switch (result.Restored)
        {
            case null:
                break;
            case { Ending: RestoreEnding.Restored } restored:
                terminal.Note(command.Parent == restored.Target
                    ? $"rolled back to snapshot {restored.Target}, {Checked(restored)}; this is snapshot {restored.Snapshot}"
                    : $"what snapshot {command.Number} holds is taken back, {Checked(restored)}; this is snapshot {restored.Snapshot}. What was recorded while the command ran stays: 'savepoint rollback {restored.Target}' takes that back as well");
                foreach (var file in restored.Files.Where(file => file.Result == RestoreFileResult.Unchanged))
                {
                    terminal.Note($"left as it was: {SafeText.Of(file.Path)} ({file.Reason})");
                }

                break;
            case var failed:
                var path = failed.Files.FirstOrDefault(file => file.Result == RestoreFileResult.Failed);
                terminal.Error(
                    $"The command ended with {command.ExitCode} and could not be rolled back{(path is null ? "" : $": {SafeText.Of(path.Path)} ({path.Reason?.TrimEnd('.')})")}. {(failed.IsTakenBack ? "All that it did is still there" : "Only a part of it was taken back")}.",
                    $"Mend that and run 'savepoint rollback {failed.Target}'.");
                break;
        }
    }

    private static string Checked(RestoreResult restored) => restored.IsVerified ? "checked" : "not all of it checked";
}
