namespace Savepoint.Recording;

/// <summary>How much of a file is recorded, and how.</summary>
/// <param name="MaxFileBytes">Larger files are named in the coverage instead.</param>
/// <param name="MaxWholeBytes">Larger files are streamed, never whole in memory.</param>
internal sealed record RecordingLimits(long MaxFileBytes, int MaxWholeBytes);
