using System.Globalization;
using Savepoint.Model;

namespace Savepoint.Experiments;

/// <summary>The gates of an experiment: the approach did its work, what it made builds, its tests came to what is asked. Pure.</summary>
internal static class Gates
{
    /// <summary>The first gate that an approach did not pass, in words; null if it passed all.</summary>
    public static string? Failure(ApproachResult approach) => approach switch
    {
        { IsTimedOut: true } => string.Create(CultureInfo.InvariantCulture, $"its time was up after {approach.Duration.TotalSeconds:0.#} s"),
        { ExitCode: null } => "its command could not be started",
        { ExitCode: not 0 } => string.Create(CultureInfo.InvariantCulture, $"its command ended with {approach.ExitCode}"),
        { Unrecorded: [var first, ..] } => $"what it did could not all be recorded: {PathQuoting.Quote(first.Bytes)}{More(approach.Unrecorded.Count - 1)} is unreadable or larger than maxFileBytes",
        { Build: CheckOutcome.Failed } => $"it does not build{Because(approach.BuildReason)}",
        { Build: CheckOutcome.Unknown } => $"nobody knows whether it builds{Because(approach.BuildReason)}",
        { Test: CheckOutcome.Failed } => $"its tests fail{Because(approach.TestReason)}",
        { Test: CheckOutcome.Unknown } => $"nobody knows whether its tests pass{Because(approach.TestReason)}",
        _ => null,
    };

    /// <summary>How far an approach came: more is further.</summary>
    public static int Reached(ApproachResult approach) => approach switch
    {
        { IsTimedOut: true } or { ExitCode: not 0 } or { Unrecorded: not [] } => 0,
        { Build: CheckOutcome.Failed or CheckOutcome.Unknown } => 1,
        { Test: CheckOutcome.Failed or CheckOutcome.Unknown } => 2,
        _ => 3,
    };

    private static string More(int count) => count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" (and {count} more)");

    private static string Because(string? reason) => reason is null ? "" : $": {reason}";
}
