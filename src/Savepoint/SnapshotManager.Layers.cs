using Savepoint.Model;
using Savepoint.Storage.Layers;

namespace Savepoint;

/// <content>The layers: operations decoded in memory, for processes that stay.</content>
public sealed partial class SnapshotManager
{
    /// <summary>
    /// Decodes the operations recorded since the last call, at most the last 50, so that what asks for them need not wait.
    /// A process that never calls this, nor asks for an operation, builds nothing. An operation whose contents are lost is
    /// passed over.
    /// </summary>
    public void FillLayers()
    {
        _layers.Fill();
        _optimizer.Check();
    }

    /// <summary>The branch's last operations, the newest first, those of other processes too; fewer if there are fewer. The baseline is none.</summary>
    /// <param name="count">1 to 50.</param>
    /// <exception cref="SavepointException">A content of one is lost.</exception>
    public IReadOnlyList<OperationSnapshot> LastOperations(int count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, OperationBuffer.Capacity);
        return _layers.GetLast(count);
    }

    /// <summary>An operation with its diffs and contents, from the first layer that has it; null if there is none of this number.</summary>
    /// <exception cref="SavepointException">A content of it is lost.</exception>
    public OperationSnapshot? FindOperation(SnapshotNumber number) => _layers.Find(number);

    /// <summary>What L1, L2 and L3 hold, in this order. In a process that has filled no layer, what those of one that stays would hold.</summary>
    public IReadOnlyList<LayerUse> Layers()
    {
        var (l1, l2) = _layers.Uses is { L1.Count: > 0 } uses ? uses : _store.Census.Take(Branch);
        return [l1, l2, new ArchivedOperations(_store.Milestones).Use];
    }

    /// <summary>What is known of a snapshot besides what it did, as of now.</summary>
    /// <param name="snapshot">A snapshot of this history, with its changes.</param>
    public SnapshotMetadata Describe(Snapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var kinds = _store.Labels().Where(label => label.Snapshot == snapshot.Number).Select(label => label.Kind).ToList();
        var type = kinds.Contains(LabelKind.Milestone) ? SnapshotType.Milestone : kinds.Count > 0 ? SnapshotType.Checkpoint : SnapshotType.Operation;
        var layer = _store.Census.LayerOf(Branch, snapshot.Number);
        var compression = _store.CompressionOf(snapshot);
        return new SnapshotMetadata(
            snapshot.Number,
            snapshot.Time,
            layer == SnapshotLayer.Disk && _store.Milestones.Numbers().Contains(snapshot.Number) ? SnapshotLayer.L3 : layer,
            type,
            snapshot.Parent,
            snapshot.Branch,
            compression,
            new PerformanceMetrics(snapshot.Elapsed, compression.SizeBytes, compression.StoredBytes));
    }
}
