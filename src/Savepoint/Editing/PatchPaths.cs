using Savepoint.Diffs;
using Savepoint.Model;

namespace Savepoint.Editing;

/// <summary>A patch for other paths, or for some of its own.</summary>
internal static class PatchPaths
{
    /// <summary>The patch with its paths below a directory.</summary>
    public static Patch Below(WorkspacePath directory, Patch patch) =>
        new([.. patch.Files.Select(file => file with { OldPath = Below(directory, file.OldPath), NewPath = Below(directory, file.NewPath) })]);

    /// <summary>The files that <paramref name="included"/> matches, or all if it is empty, without those that <paramref name="excluded"/> matches. A move counts by either of its paths.</summary>
    public static Patch Chosen(Patch patch, PathGlobs included, PathGlobs excluded) =>
        new([.. patch.Files.Where(file => (included.IsEmpty || Match(included, file)) && !Match(excluded, file))]);

    private static bool Match(PathGlobs globs, FilePatch file) => globs.Match(file.Path) || (file.OldPath is { } old && globs.Match(old));

    private static WorkspacePath? Below(WorkspacePath directory, WorkspacePath? path) =>
        path is { } inner && WorkspacePath.TryFromBytes([.. directory.Bytes, (byte)'/', .. inner.Bytes], out var below) ? below : null;
}
