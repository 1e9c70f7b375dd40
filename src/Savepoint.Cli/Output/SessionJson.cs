using System.Text.Json;
using Savepoint.Model;

namespace Savepoint.Cli.Output;

/// <summary>The <c>sessions</c> of a store.</summary>
internal static class SessionJson
{
    public static void WriteAll(Utf8JsonWriter json, IReadOnlyList<SessionSummary> sessions)
    {
        json.WriteStartArray("sessions");
        foreach (var session in sessions)
        {
            json.WriteStartObject();
            json.WriteString("session", session.Session);
            json.WriteString("agent", session.Agent);
            json.WriteNumber("snapshots", session.SnapshotCount);
            json.WriteTime("first", session.First);
            json.WriteTime("last", session.Last);
            json.WriteSnapshot("newest", session.Newest);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
