using Savepoint.Model;

namespace Savepoint.Workspaces.Copies;

/// <summary>What a copy of a tree came to.</summary>
/// <param name="FileCount">How many files.</param>
/// <param name="SizeBytes">Their lengths together.</param>
/// <param name="ClonedCount">How many of them share their blocks with the original.</param>
/// <param name="LeftOut">What is there and was not copied, for what it is or because it cannot be read.</param>
/// <param name="Retargeted">Ignored links that led into the original by an absolute path, and lead into the copy now.</param>
/// <param name="LeadingBack">Other links that lead into the original by an absolute path.</param>
internal sealed record CopyReport(
    long FileCount, long SizeBytes, long ClonedCount, IReadOnlyList<SkippedEntry> LeftOut, IReadOnlyList<WorkspacePath> Retargeted, IReadOnlyList<WorkspacePath> LeadingBack);
