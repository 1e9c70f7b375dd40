using System.Text.Json;
using Savepoint.Model;

namespace Savepoint.Cli.Output;

/// <summary>Sessions: that they are there, and what they did.</summary>
internal static class SessionJson
{
    /// <summary>The <c>sessions</c> of a store, without reading what they did.</summary>
    public static void WriteAll(Utf8JsonWriter json, IReadOnlyList<SessionSummary> sessions)
    {
        json.WriteStartArray("sessions");
        foreach (var session in sessions)
        {
            json.WriteStartObject();
            WriteMembers(json, session);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Writes the members of the object, which the caller opens and closes.</summary>
    public static void WriteMembers(Utf8JsonWriter json, SessionSummary session)
    {
        json.WriteString("session", session.Session);
        json.WriteString("agent", session.Agent);
        json.WriteStartArray("agents");
        foreach (var agent in session.Agents)
        {
            json.WriteStringValue(agent);
        }

        json.WriteEndArray();
        json.WriteNumber("snapshots", session.SnapshotCount);
        json.WriteTime("first", session.First);
        json.WriteTime("last", session.Last);
        json.WriteSnapshot("newest", session.Newest);
    }

    /// <inheritdoc cref="WriteMembers"/>
    public static void WriteStatistics(Utf8JsonWriter json, SessionStatistics statistics)
    {
        json.WriteNumber("turns", statistics.TurnCount);
        json.WriteNumber("operations", statistics.OperationCount);
        json.WriteNumber("files", statistics.FileCount);
        json.WriteNumber("added", statistics.AddedLineCount);
        json.WriteNumber("deleted", statistics.DeletedLineCount);
        json.WriteNumber("undos", statistics.UndoCount);
        json.WriteNumber("durationMs", Math.Round(statistics.Duration.TotalMilliseconds, 3));
    }

    /// <summary>The paths that others changed meanwhile, as <c>interleaved</c>.</summary>
    public static void WriteInterleaved(Utf8JsonWriter json, IReadOnlyList<InterleavedPath> paths)
    {
        json.WriteStartArray("interleaved");
        foreach (var path in paths)
        {
            json.WriteStartObject();
            json.WritePath("path", path.Path);
            json.WriteStartArray("others");
            foreach (var other in path.Others)
            {
                json.WriteNumberValue(other.Value);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
