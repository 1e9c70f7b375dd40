using Savepoint.Model;

namespace Savepoint.Diffs;

/// <summary>How much a patch changes in one file.</summary>
/// <param name="Path">Where it stands after the patch; where it stood, if it is removed.</param>
/// <param name="OldPath">Where a moved file was; null for all others.</param>
/// <param name="AddedLineCount">Lines that come; 0 for a binary file.</param>
/// <param name="DeletedLineCount">Lines that go; 0 for a binary file.</param>
/// <param name="IsBinary">Whether the content changes without being text.</param>
public sealed record DiffStat(WorkspacePath Path, WorkspacePath? OldPath, int AddedLineCount, int DeletedLineCount, bool IsBinary)
{
    /// <summary>The numbers for each entry of a patch, in its order; what <c>--stat</c> shows.</summary>
    public static IReadOnlyList<DiffStat> Of(Patch patch)
    {
        ArgumentNullException.ThrowIfNull(patch);
        return [.. patch.Files.Select(Of)];
    }

    private static DiffStat Of(FilePatch file)
    {
        var (added, deleted) = (0, 0);
        foreach (var hunk in file.Hunks)
        {
            foreach (var line in hunk.Lines)
            {
                added += line.Kind == HunkLineKind.Added ? 1 : 0;
                deleted += line.Kind == HunkLineKind.Deleted ? 1 : 0;
            }
        }

        return new DiffStat(file.Path, file.IsRename ? file.OldPath : null, added, deleted, file.Binary is not null);
    }
}
