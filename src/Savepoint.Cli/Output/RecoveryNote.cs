using Savepoint.Model;

namespace Savepoint.Cli.Output;

/// <summary>Says in one line what a dead process had left, and what opening the workspace made of it.</summary>
internal static class RecoveryNote
{
    public static void Show(SnapshotManager workspace, Terminal terminal)
    {
        if (workspace.Lost is { } lost)
        {
            terminal.Note($"{lost}: a power loss or damage took what was written last; 'savepoint repair' says what is left of it");
        }

        if (workspace.Recovered is not { } recovered)
        {
            return;
        }

        var drift = recovered.Drift is { } number ? $"; what had changed meanwhile is in snapshot {number}" : "";
        terminal.Note(recovered.Ending == RestoreEnding.Restored
            ? $"finished the restore to snapshot {recovered.Target} that an interrupted process had begun{(recovered.Snapshot is { } snapshot ? $" (now snapshot {snapshot})" : "")}{drift}"
            : !recovered.IsTakenBack
            ? $"the restore to snapshot {recovered.Target} that an interrupted process had begun could neither be finished nor taken back: {Reason(recovered)}{drift}"
            : $"took back the restore to snapshot {recovered.Target} that an interrupted process had begun, because it could not be finished{drift}");
    }

    private static string? Reason(RestoreResult recovered) => recovered.Files.FirstOrDefault(file => file.Result == RestoreFileResult.Failed)?.Reason?.TrimEnd('.');
}
