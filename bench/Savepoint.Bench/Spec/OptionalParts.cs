using System.Reflection;
using Savepoint.Model;

namespace Savepoint.Bench.Spec;

/// <summary>
/// Parts of the library that this build may not have yet: looked for by name, so that their rows measure from the first
/// build that has them, and say until then that there is nothing to measure.
/// </summary>
internal static class OptionalParts
{
    public const string NoLayers = "L1 and L2 are not built yet: this build has no SnapshotManager.FindOperation";
    public const string NoMilestones = "L3 is not built yet: this build has no SnapshotManager.LoadMilestone";

    private static readonly MethodInfo? Find = typeof(SnapshotManager).GetMethod("FindOperation", [typeof(SnapshotNumber)]);
    private static readonly MethodInfo? Load = typeof(SnapshotManager).GetMethod("LoadMilestone", [typeof(SnapshotNumber)]);

    public static bool HasLayers => Find is not null;

    public static bool HasMilestones => Load is not null;

    /// <summary>An operation with its diffs, from the first layer that has it; null if there is none.</summary>
    public static Func<SnapshotNumber, object?> FindOperation(SnapshotManager manager) => Find!.CreateDelegate<Func<SnapshotNumber, object?>>(manager);

    /// <summary>A milestone, from its archive alone.</summary>
    public static Func<SnapshotNumber, object?> LoadMilestone(SnapshotManager manager) => Load!.CreateDelegate<Func<SnapshotNumber, object?>>(manager);
}
