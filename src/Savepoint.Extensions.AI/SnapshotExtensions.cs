using Microsoft.Extensions.AI;

namespace Savepoint.Extensions.AI;

/// <summary>Adds snapshots to tools that know nothing of them.</summary>
public static class SnapshotExtensions
{
    /// <summary>
    /// The same tool, each call of which is recorded as one snapshot: with its name, its actor, and all that it changed in
    /// the workspace, also if it fails or is cancelled. A call that changes nothing leaves no snapshot.
    /// </summary>
    /// <param name="function">The tool. One of <see cref="SavepointTools"/>, or one that is recorded already, is given back as it is.</param>
    /// <param name="manager">The workspace, which stays the caller's to dispose of, after the last call.</param>
    /// <param name="options">Null for <see cref="RecordingOptions.Default"/>.</param>
    /// <remarks>
    /// If the store cannot take what stands there before the call, the call is not made and a
    /// <see cref="Model.SavepointException"/> is thrown. Calls that may write anything are told apart only by time: of two
    /// at once, the first to end gets what both have changed by then.
    /// </remarks>
    public static AIFunction WithSnapshots(this AIFunction function, SnapshotManager manager, RecordingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(manager);
        var isRecorded = function.GetService<SavepointTool>() is not null || function.GetService<RecordedFunction>() is not null;
        return isRecorded ? function : new RecordedFunction(function, manager, options ?? RecordingOptions.Default);
    }

    /// <summary>The same tools, each recorded as by <see cref="WithSnapshots(AIFunction, SnapshotManager, RecordingOptions?)"/>; those that are no functions stay as they are.</summary>
    /// <param name="tools">The tools.</param>
    /// <param name="manager">The workspace, which stays the caller's to dispose of, after the last call.</param>
    /// <param name="options">Null for <see cref="RecordingOptions.Default"/>.</param>
    public static IList<AITool> WithSnapshots(this IEnumerable<AITool> tools, SnapshotManager manager, RecordingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(tools);
        return [.. tools.Select(tool => tool is AIFunction function ? function.WithSnapshots(manager, options) : tool)];
    }
}
