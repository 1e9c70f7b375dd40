using System.Text.Json;
using Savepoint.Model;

namespace Savepoint.Cli.Output;

/// <summary>An archive of a milestone as an object.</summary>
internal static class MilestoneJson
{
    public static void Write(Utf8JsonWriter json, string name, Milestone archive, bool wasArchived)
    {
        json.WriteStartObject(name);
        json.WriteString("file", archive.File);
        json.WriteSnapshot("snapshot", archive.Snapshot);
        json.WriteSnapshot("parent", archive.Parent);
        json.WriteBoolean("wasArchived", wasArchived);
        json.WriteNumber("bytes", archive.SizeBytes);
        json.WriteNumber("snapshots", archive.Statistics.SnapshotCount);
        json.WriteNumber("operations", archive.Statistics.OperationCount);
        json.WriteNumber("undos", archive.Statistics.UndoCount);
        json.WriteNumber("changedPaths", archive.Statistics.ChangedPathCount);
        json.WriteNumber("sessions", archive.Statistics.SessionCount);
        json.WriteNumber("entries", archive.Statistics.EntryCount);
        json.WriteNumber("contents", archive.Statistics.ContentCount);
        json.WriteNumber("contentBytes", archive.Statistics.ContentBytes);
        json.WriteEndObject();
    }
}
