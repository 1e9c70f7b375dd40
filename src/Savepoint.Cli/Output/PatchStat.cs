using System.Globalization;
using Savepoint.Diffs;
using Savepoint.Model;

namespace Savepoint.Cli.Output;

/// <summary>How much of one path changes.</summary>
/// <param name="Path">The path.</param>
/// <param name="Name">How it is shown; a move has both names.</param>
/// <param name="AddedCount">Lines that come.</param>
/// <param name="DeletedCount">Lines that go.</param>
/// <param name="IsBinary">Whether it is no text, so that lines are not counted.</param>
/// <param name="Kind">What happens to the path.</param>
internal sealed record PatchStat(WorkspacePath Path, string Name, int AddedCount, int DeletedCount, bool IsBinary, ChangeKind Kind)
{
    private const int MaxMarks = 40;

    /// <summary>A row for each path; what comes in pieces is added up.</summary>
    public static List<PatchStat> Of(Patch patch, IReadOnlyList<FileChange> changes)
    {
        var files = patch.Files.ToLookup(file => file.Path);
        return [.. changes.DistinctBy(change => change.Path).Select(change => Of(change, [.. files[change.Path]]))];
    }

    /// <summary>The line behind the name.</summary>
    public string Describe(Paint paint)
    {
        if (IsBinary)
        {
            return "binary";
        }

        if (AddedCount + DeletedCount == 0)
        {
            return JsonNames.Of(Kind);
        }

        var total = AddedCount + DeletedCount;
        var scale = Math.Min(1.0, (double)MaxMarks / total);
        return string.Create(CultureInfo.InvariantCulture, $"{total,4} {paint.Added(Marks('+', AddedCount, scale))}{paint.Deleted(Marks('-', DeletedCount, scale))}");
    }

    // Whatever changes at all shows at least one mark.
    private static string Marks(char mark, int count, double scale) => new(mark, count == 0 ? 0 : Math.Max(1, (int)(count * scale)));

    private static PatchStat Of(FileChange change, FilePatch[] files)
    {
        var (added, deleted) = (0, 0);
        foreach (var hunk in files.SelectMany(file => file.Hunks))
        {
            foreach (var line in hunk.Lines)
            {
                added += line.Kind == HunkLineKind.Added ? 1 : 0;
                deleted += line.Kind == HunkLineKind.Deleted ? 1 : 0;
            }
        }

        var name = change.OldPath is { } old ? $"{SafeText.Of(old)} → {SafeText.Of(change.Path)}" : SafeText.Of(change.Path);
        return new PatchStat(change.Path, name, added, deleted, Array.Exists(files, file => file.Binary is not null), change.Kind);
    }
}
