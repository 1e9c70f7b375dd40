using Savepoint.Model;

namespace Savepoint.Storage.Layers;

/// <summary>
/// A place where operations are found by number. Layers do not know each other: <see cref="StorageOrchestrator"/> asks them
/// in turn, the fastest first.
/// </summary>
internal interface ISnapshotLayer
{
    /// <summary>Which it is, how many it holds, and what they weigh.</summary>
    LayerUse Use { get; }

    /// <summary>The operation of this number; null if it is not here.</summary>
    OperationSnapshot? Find(SnapshotNumber number);
}

/// <summary>A layer in memory: a hot copy of what is on disk, within a budget of bytes. Not thread-safe: the orchestrator guards it.</summary>
internal interface IMemoryLayer : ISnapshotLayer
{
    /// <summary>Takes an operation.</summary>
    /// <returns>What it sheds for it, the one to be missed least first; the operation itself, if it does not fit.</returns>
    IReadOnlyList<OperationSnapshot> Add(OperationSnapshot operation);

    /// <summary>The decoded bytes of a content that some operation here names; null if none does.</summary>
    byte[]? FindContent(ContentId id);

    /// <summary>Lets go of what it holds of this number.</summary>
    void Remove(SnapshotNumber number);

    /// <summary>Lets go of what is to be missed least until no more than <paramref name="maxBytes"/> are held.</summary>
    void Trim(long maxBytes);
}
