namespace Savepoint.Diagnostics;

/// <summary>What is timed and counted. A name is part of metrics, spans and the table <c>counters</c>, so it stays.</summary>
internal enum Operation
{
    Capture,
    Restore,
    Scan,
    CleanUp,
    Compaction,
}

/// <summary>The words for <see cref="Operation"/>.</summary>
internal static class OperationName
{
    public static string Of(Operation operation) => operation switch
    {
        Operation.Capture => "capture",
        Operation.Restore => "restore",
        Operation.Scan => "scan",
        Operation.CleanUp => "cleanup",
        Operation.Compaction => "compaction",
        _ => throw new ArgumentOutOfRangeException(nameof(operation)),
    };
}
