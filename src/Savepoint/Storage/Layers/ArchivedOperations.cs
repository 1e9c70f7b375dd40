using Savepoint.Model;
using Savepoint.Storage.Milestones;

namespace Savepoint.Storage.Layers;

/// <summary>L3 as a layer: operations that a milestone's archive holds, also those whose rows compaction has freed.</summary>
internal sealed class ArchivedOperations(MilestoneStore milestones) : ISnapshotLayer
{
    public LayerUse Use => new(SnapshotLayer.L3, milestones.Numbers().Count, milestones.SizeBytes());

    public OperationSnapshot? Find(SnapshotNumber number) =>
        milestones.FindHolding(number)?.Find(number) is { } snapshot ? OperationSnapshot.Create(snapshot, milestones, HeadMark.None) : null;
}
