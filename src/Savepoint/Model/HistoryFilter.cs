namespace Savepoint.Model;

/// <summary>Which snapshots of the history are wanted; every null asks for nothing.</summary>
public sealed record HistoryFilter
{
    /// <summary>Those of this branch and of what it forked from; null: the current branch.</summary>
    public string? Branch { get; init; }

    /// <summary>Those of all branches.</summary>
    public bool AllBranches { get; init; }

    /// <summary>Those that changed this path, or something below it.</summary>
    public WorkspacePath? Path { get; init; }

    /// <summary>Those of this session.</summary>
    public string? Session { get; init; }

    /// <summary>Those of this agent.</summary>
    public string? Agent { get; init; }

    /// <summary>Each as it was recorded, also those that compaction has merged into another.</summary>
    public bool AsRecorded { get; init; }

    /// <summary>Those newer than this one.</summary>
    public SnapshotNumber? Since { get; init; }
}
