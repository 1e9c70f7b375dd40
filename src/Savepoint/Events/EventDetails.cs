using System.Buffers;
using System.Text;
using System.Text.Json;
using Savepoint.Model;

namespace Savepoint.Events;

/// <summary>
/// What a stored event says beyond its name and time, as the JSON object that its row holds. The two events that every
/// snapshot gives are not stored: the snapshot is their record.
/// </summary>
internal static class EventDetails
{
    /// <exception cref="ArgumentException">It is the event of a snapshot.</exception>
    public static string Write(SnapshotEvent happened)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            WriteMembers(json, happened);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    /// <summary>The event of a row; null if this version does not know its name, or the decision that it tells of is not there any more.</summary>
    /// <param name="name">The event's name.</param>
    /// <param name="details">What <see cref="Write"/> wrote.</param>
    /// <param name="position">Where it stands among what happened.</param>
    /// <param name="time">When it happened.</param>
    /// <param name="decisions">Gives a decision by its number; null where events of decisions are not asked for.</param>
    /// <exception cref="SavepointException">The row is damaged.</exception>
    public static SnapshotEvent? Read(string name, string details, EventPosition position = default, DateTimeOffset time = default, Func<long, Decision?>? decisions = null)
    {
        try
        {
            using var document = JsonDocument.Parse(details);
            return Read(name, document.RootElement, decisions) is { } happened ? happened with { Position = position, Time = time } : null;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new SavepointException(ErrorCode.Damaged, $"The record of event {position} cannot be read: {e.Message}", "Run 'savepoint repair'; snapshots are not concerned.", e);
        }
    }

    private static void WriteMembers(Utf8JsonWriter json, SnapshotEvent happened)
    {
        switch (happened)
        {
            case MilestoneCreatedEvent milestone:
                json.WriteString("label", milestone.Label);
                json.WriteNumber("snapshot", milestone.Snapshot.Value);
                WriteOptional(json, "archivedBytes", milestone.ArchivedBytes);
                break;
            case CompressionEvent compression:
                json.WriteString("level", compression.Level);
                json.WriteNumber("mergedSnapshots", compression.MergedSnapshots);
                WriteSizes(json, compression.BytesBefore, compression.BytesAfter);
                break;
            case CleanupEvent cleanup:
                json.WriteString("cause", cleanup.Cause);
                WriteOptional(json, "items", cleanup.Items);
                WriteSizes(json, cleanup.BytesBefore, cleanup.BytesAfter);
                break;
            case BranchCreatedEvent created:
                json.WriteString("branch", created.Branch);
                json.WriteNumber("from", created.From.Value);
                break;
            case BranchMergedEvent merged:
                json.WriteString("branch", merged.Branch);
                json.WriteString("into", merged.Into);
                json.WriteNumber("snapshot", merged.Snapshot.Value);
                break;
            case DecisionEvent decision:
                // All else is what the decision's row says; that may have another outcome by now.
                json.WriteNumber("decision", decision.Decision);
                json.WriteNumber("outcome", (int)decision.Outcome);
                break;
            default:
                throw new ArgumentException($"An event '{happened.Name}' has no row of its own.", nameof(happened));
        }
    }

    private static void WriteOptional(Utf8JsonWriter json, string name, long? number)
    {
        if (number is { } known)
        {
            json.WriteNumber(name, known);
        }
    }

    private static void WriteSizes(Utf8JsonWriter json, long before, long after)
    {
        json.WriteNumber("bytesBefore", before);
        json.WriteNumber("bytesAfter", after);
    }

    private static SnapshotEvent? Read(string name, JsonElement details, Func<long, Decision?>? decisions)
    {
        long Number(string member) => details.GetProperty(member).GetInt64();
        string Text(string member) => details.GetProperty(member).GetString()!;
        long? Optional(string member) => details.TryGetProperty(member, out var number) ? number.GetInt64() : null;
        SnapshotNumber Snapshot(string member) => new(Number(member));
        return name switch
        {
            EventName.Milestone => new MilestoneCreatedEvent(Text("label"), Snapshot("snapshot"), Optional("archivedBytes")),
            EventName.Compression => new CompressionEvent(Text("level"), Number("mergedSnapshots"), Number("bytesBefore"), Number("bytesAfter")),
            EventName.Cleanup => new CleanupEvent(Text("cause"), Optional("items"), Number("bytesBefore"), Number("bytesAfter")),
            EventName.BranchCreated => new BranchCreatedEvent(Text("branch"), Snapshot("from")),
            EventName.BranchMerged => new BranchMergedEvent(Text("branch"), Text("into"), Snapshot("snapshot")),
            EventName.Decision => Decided(decisions?.Invoke(Number("decision")), (DecisionOutcome)Number("outcome")),
            _ => null,
        };
    }

    private static DecisionEvent? Decided(Decision? decision, DecisionOutcome outcome) => decision is null
        ? null
        : new DecisionEvent(decision.Id, decision.Snapshot, decision.Rule, decision.Action, decision.Mode, outcome, decision.Target, decision.Reason);
}
