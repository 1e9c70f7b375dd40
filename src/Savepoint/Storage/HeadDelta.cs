using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>The tree of a branch's head, told by what changed since an earlier one.</summary>
/// <param name="Head">Which snapshot's tree it is; <see cref="HeadMark.None"/> before the baseline.</param>
/// <param name="IsWhole">Whether <paramref name="States"/> is all of the tree, since nothing is shared with the earlier one.</param>
/// <param name="States">What the head holds at each path that changed, <see cref="FileState.None"/> where nothing any more.</param>
internal sealed record HeadDelta(HeadMark Head, bool IsWhole, IReadOnlyList<KeyValuePair<WorkspacePath, FileState>> States);
