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
        WriteStatistics(json, archive.Statistics);
        json.WriteEndObject();
    }

    /// <summary>What an archive says of its state, as <c>milestone</c>; null where the snapshot has none of its own.</summary>
    public static void WriteWhole(Utf8JsonWriter json, MilestoneSnapshot? milestone)
    {
        if (milestone is null)
        {
            json.WriteNull("milestone");
            return;
        }

        json.WriteStartObject("milestone");
        json.WriteSnapshot("parent", milestone.CompressedHistory.Parent);
        json.WriteNumber("bytes", milestone.CompressedHistory.FileBytes);
        WriteStatistics(json, milestone.Statistics);
        json.WriteStartArray("history");
        foreach (var snapshot in milestone.CompressedHistory.Snapshots)
        {
            json.WriteNumberValue(snapshot.Number.Value);
        }

        json.WriteEndArray();
        json.WriteStartArray("verifications");
        foreach (var verification in milestone.QualityMetrics.Verifications)
        {
            json.WriteStartObject();
            VerificationJson.WriteMembers(json, verification);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("baseline");
        json.WriteSnapshot("snapshot", milestone.PerformanceBaseline.Snapshot);
        json.WriteStartArray("figures");
        foreach (var figure in milestone.PerformanceBaseline.Figures)
        {
            CheckJson.Write(json, figure);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>The names of milestones whose archives are gone, as <c>milestonesWithoutArchive</c>.</summary>
    public static void WriteMissing(Utf8JsonWriter json, IReadOnlyList<Label> missing)
    {
        json.WriteStartArray("milestonesWithoutArchive");
        foreach (var label in missing)
        {
            json.WriteStringValue(label.Name);
        }

        json.WriteEndArray();
    }

    private static void WriteStatistics(Utf8JsonWriter json, MilestoneStatistics statistics)
    {
        json.WriteNumber("snapshots", statistics.SnapshotCount);
        json.WriteNumber("operations", statistics.OperationCount);
        json.WriteNumber("undos", statistics.UndoCount);
        json.WriteNumber("changedPaths", statistics.ChangedPathCount);
        json.WriteNumber("sessions", statistics.SessionCount);
        json.WriteNumber("entries", statistics.EntryCount);
        json.WriteNumber("contents", statistics.ContentCount);
        json.WriteNumber("contentBytes", statistics.ContentBytes);
    }
}
