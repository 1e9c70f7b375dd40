using Savepoint.Model;

namespace Savepoint.Cli.Output;

/// <summary>A session in a line.</summary>
internal static class SessionText
{
    public static string Of(SessionSummary session, Paint paint)
    {
        var agent = session.Agent is { } known ? $" ({SafeText.Of(known)})" : "";
        return $"{paint.Actor(SafeText.Of(session.Session))}{agent}  {Quantity.Of(session.SnapshotCount, "snapshot")}, the newest {paint.Number(session.Newest.ToString())}  {paint.Dim($"{SnapshotText.Time(session.First)} to {SnapshotText.Time(session.Last)}")}";
    }
}
