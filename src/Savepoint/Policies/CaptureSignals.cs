using Savepoint.Model;

namespace Savepoint.Policies;

/// <summary>What one recorded operation did, as far as a checkpoint before it may be worth having. Immutable.</summary>
public sealed record CaptureSignals
{
    /// <summary>The operation.</summary>
    public required SnapshotNumber Snapshot { get; init; }

    /// <summary>The state before it.</summary>
    public required SnapshotNumber Before { get; init; }

    /// <summary>How many files it changed, made, deleted or moved; a move is one.</summary>
    public required int ChangedFiles { get; init; }

    /// <summary>How many of those were moves.</summary>
    public int MovedFiles { get; init; }

    /// <summary>How many files the tree has; null where nobody had to count.</summary>
    public long? TreeFiles { get; init; }

    /// <summary>The dependency manifests and lock files among them, no more than 20.</summary>
    public IReadOnlyList<string> Manifests { get; init; } = [];

    /// <summary>A checkpoint made before an earlier change of dependencies that nothing has verified yet; null if there is none.</summary>
    public string? UnverifiedDependencies { get; init; }
}
