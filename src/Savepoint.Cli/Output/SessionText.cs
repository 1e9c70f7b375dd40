using System.Globalization;
using Savepoint.Model;

namespace Savepoint.Cli.Output;

/// <summary>A session in a line.</summary>
internal static class SessionText
{
    /// <summary>Who, how much, when.</summary>
    public static string Of(SessionSummary session, Paint paint) => $"{Name(session, paint)}  {Quantity.Of(session.SnapshotCount, "snapshot")}, the newest {paint.Number(session.Newest.ToString())}  {Times(session, paint)}";

    /// <summary>Who, what, when.</summary>
    public static string Of(SessionSummary session, SessionStatistics statistics, Paint paint) => $"{Name(session, paint)}  {Of(statistics)}  {Times(session, paint)}";

    /// <summary>What it did, in numbers.</summary>
    public static string Of(SessionStatistics statistics)
    {
        string[] parts =
        [
            .. statistics.TurnCount > 0 ? [Quantity.Of(statistics.TurnCount, "turn")] : Array.Empty<string>(),
            Quantity.Of(statistics.OperationCount, "operation"),
            Quantity.Of(statistics.FileCount, "file"),
            string.Create(CultureInfo.InvariantCulture, $"+{statistics.AddedLineCount:N0} -{statistics.DeletedLineCount:N0} lines"),
            .. statistics.UndoCount > 0 ? [Quantity.Of(statistics.UndoCount, "undo")] : Array.Empty<string>(),
            $"in {Quantity.Duration(statistics.Duration)}",
        ];
        return string.Join(", ", parts);
    }

    private static string Name(SessionSummary session, Paint paint) =>
        paint.Actor(SafeText.Of(session.Session)) + (session.Agents.Count > 0 ? $" ({string.Join(", ", session.Agents.Select(agent => SafeText.Of(agent)))})" : "");

    private static string Times(SessionSummary session, Paint paint) => paint.Dim($"{SnapshotText.Time(session.First)} to {SnapshotText.Time(session.Last)}");
}
