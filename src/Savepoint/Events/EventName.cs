namespace Savepoint.Events;

/// <summary>The seed's names. They stand in stores and in JSON, so they never change with a C# name.</summary>
internal static class EventName
{
    public const string Created = "snapshot:created";
    public const string Rollback = "snapshot:rollback";
    public const string Milestone = "snapshot:milestone";
    public const string Compression = "snapshot:compression";
    public const string Cleanup = "snapshot:cleanup";
    public const string BranchCreated = "experiment:branch-created";
    public const string BranchMerged = "experiment:branch-merged";

    /// <summary>Ours: the seed has no event for what its decision engine decides.</summary>
    public const string Decision = "policy:decision";
}
