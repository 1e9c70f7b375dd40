using Savepoint.Diffs;
using Savepoint.Model;

namespace Savepoint;

/// <summary>What a capture recorded.</summary>
/// <param name="Snapshot">The snapshot; null if nothing differed from the head.</param>
/// <param name="Coverage">What was looked at, also when nothing differed.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record CaptureResult(Snapshot? Snapshot, Coverage Coverage, TimeSpan Elapsed)
{
    /// <summary>The change as a patch, for an edit that was announced; null for a scan, whose patch <c>DiffAsync</c> gives.</summary>
    public Patch? Patch { get; init; }
}
