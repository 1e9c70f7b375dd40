using Savepoint.Model;

namespace Savepoint;

/// <summary>Who wrote each line of a file.</summary>
public sealed record BlameResult
{
    /// <summary>The file.</summary>
    public required WorkspacePath Path { get; init; }

    /// <summary>The snapshot at which it was looked at; null for the file as it is now.</summary>
    public required SnapshotNumber? At { get; init; }

    /// <summary>Its lines, in order. Each is bytes up to and with its LF, which the last may lack.</summary>
    public required IReadOnlyList<BlamedLine> Lines { get; init; }

    /// <summary>Each snapshot that a line names, without its changes.</summary>
    public required IReadOnlyDictionary<SnapshotNumber, Snapshot> Snapshots { get; init; }
}

/// <summary>A line, and where it came in.</summary>
/// <param name="Number">1-based.</param>
/// <param name="Text">Its bytes, with its LF.</param>
/// <param name="Snapshot">The snapshot that wrote it; null if it is not recorded yet.</param>
public sealed record BlamedLine(int Number, ReadOnlyMemory<byte> Text, SnapshotNumber? Snapshot);
