namespace Savepoint.Model;

/// <summary>How much a baseline of a directory would record.</summary>
/// <param name="EntryCount">Files, links and directories that no rule excludes.</param>
/// <param name="FileCount">The regular files among them.</param>
/// <param name="TotalBytes">The files' lengths together, in bytes.</param>
/// <param name="IsComplete">Whether the time sufficed to see all of it; if not, the numbers are of what was seen.</param>
public sealed record WorkspaceSize(long EntryCount, long FileCount, long TotalBytes, bool IsComplete);
