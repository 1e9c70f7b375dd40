using Savepoint.Model;

namespace Savepoint.Storage.Layers;

/// <summary>The disk as a layer: every operation is there from before its capture returned.</summary>
internal sealed class StoredOperations(SnapshotStore store, IContentSource contents) : ISnapshotLayer
{
    public LayerUse Use => store.Census.Disk();

    public OperationSnapshot? Find(SnapshotNumber number)
    {
        var (snapshot, mark) = store.ReadConsistently(() => (store.Find(number), store.MarkOf(number)));
        return snapshot is null ? null : OperationSnapshot.Create(snapshot, contents, mark ?? HeadMark.None);
    }

    /// <summary>As <see cref="Find"/>, of an operation that memory can hold; null for any other, of which little is read.</summary>
    public OperationSnapshot? FindLight(SnapshotNumber number) =>
        store.Census.HasFewChanges(number) && store.Find(number) is { } snapshot && OperationSnapshot.IsLightEnough(snapshot)
            ? Find(number)
            : null;
}
