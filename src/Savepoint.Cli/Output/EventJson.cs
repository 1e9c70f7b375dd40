using System.Text.Json;
using Savepoint.Events;
using Savepoint.Model;

namespace Savepoint.Cli.Output;

/// <summary>One event, as a line of <c>events</c>.</summary>
internal static class EventJson
{
    public static void Write(Utf8JsonWriter json, SnapshotEvent happened)
    {
        json.WriteStartObject();
        json.WriteString("position", happened.Position.ToString());
        json.WriteString("event", happened.Name);
        json.WriteTime("time", happened.Time);
        WriteMembers(json, happened);
        json.WriteEndObject();
    }

    private static void WriteMembers(Utf8JsonWriter json, SnapshotEvent happened)
    {
        switch (happened)
        {
            case SnapshotCreatedEvent created:
                WriteSnapshot(json, created.Snapshot, created.PathCount);
                break;
            case SnapshotRollbackEvent rollback:
                WriteSnapshot(json, rollback.Snapshot, rollback.PathCount);
                json.WriteSnapshot("target", rollback.Snapshot.Target);
                break;
            case MilestoneCreatedEvent milestone:
                json.WriteSnapshot("snapshot", milestone.Snapshot);
                json.WriteString("label", milestone.Label);
                json.WriteNumberOrNull("archivedBytes", milestone.ArchivedBytes);
                break;
            case CompressionEvent compression:
                json.WriteString("level", compression.Level);
                json.WriteNumber("mergedSnapshots", compression.MergedSnapshots);
                WriteSizes(json, compression.BytesBefore, compression.BytesAfter);
                break;
            case CleanupEvent cleanup:
                json.WriteString("cause", cleanup.Cause);
                json.WriteNumberOrNull("items", cleanup.Items);
                WriteSizes(json, cleanup.BytesBefore, cleanup.BytesAfter);
                break;
            case BranchCreatedEvent created:
                json.WriteString("branch", created.Branch);
                json.WriteSnapshot("from", created.From);
                break;
            case BranchMergedEvent merged:
                json.WriteSnapshot("snapshot", merged.Snapshot);
                json.WriteString("branch", merged.Branch);
                json.WriteString("into", merged.Into);
                break;
            case DecisionEvent decision:
                WriteDecision(json, decision);
                break;
        }
    }

    private static void WriteDecision(Utf8JsonWriter json, DecisionEvent decision)
    {
        json.WriteSnapshot("snapshot", decision.Snapshot);
        json.WriteNumber("decision", decision.Decision);
        json.WriteString("rule", decision.Rule);
        json.WriteString("action", decision.Action);
        json.WriteString("mode", JsonNames.Of(decision.Mode));
        json.WriteString("outcome", JsonNames.Of(decision.Outcome));
        json.WriteSnapshot("target", decision.Target);
        json.WriteString("reason", decision.Reason);
    }

    private static void WriteSnapshot(Utf8JsonWriter json, Snapshot snapshot, long pathCount)
    {
        json.WriteSnapshot("snapshot", snapshot.Number);
        json.WriteSnapshot("parent", snapshot.Parent);
        json.WriteString("branch", snapshot.Branch);
        json.WriteString("kind", JsonNames.Of(snapshot.Kind));
        SnapshotJson.WriteActor(json, snapshot);
        json.WriteString("message", snapshot.Message);
        json.WriteNumber("operationCount", snapshot.OperationCount);
        json.WriteNumber("pathCount", pathCount);
        json.WriteElapsedOrNull(snapshot.Elapsed);
    }

    private static void WriteSizes(Utf8JsonWriter json, long before, long after)
    {
        json.WriteNumber("bytesBefore", before);
        json.WriteNumber("bytesAfter", after);
    }
}
