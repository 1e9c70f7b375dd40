using Savepoint.Model;

namespace Savepoint.Policies;

/// <summary>What one snapshot did to functions. Immutable.</summary>
public sealed record FunctionSignals
{
    /// <summary>The snapshot.</summary>
    public required SnapshotNumber Snapshot { get; init; }

    /// <summary>The state before it.</summary>
    public required SnapshotNumber Before { get; init; }

    /// <summary>The functions that it changed or made.</summary>
    public required IReadOnlyList<FunctionChange> Functions { get; init; }
}
