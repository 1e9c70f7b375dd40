using Savepoint.Diffs;
using Savepoint.Model;

namespace Savepoint.Branches;

/// <summary>
/// Finds files that were moved and edited at once: of those that are gone and those that have come, the pairs that have half of
/// their bytes in common, by lines, the likest first (git's default, diffcore-rename's 50 %). Pure.
/// </summary>
internal static class LikeFiles
{
    /// <summary>Above this many comparisons none is made (git's merge.renameLimit is 7,000 files of each).</summary>
    private const long MaxPairCount = 250_000;

    private const double MinLikeness = 0.5;

    /// <summary>Notes the moves of a side.</summary>
    public static void Find(SideChanges side, IContentSource contents)
    {
        var (gone, come) = (Texts(side.Gone, change => change.Before), Texts(side.Come, change => change.After));
        if (gone.Count == 0 || come.Count == 0 || (long)gone.Count * come.Count > MaxPairCount)
        {
            return;
        }

        var (old, made) = (gone.ConvertAll(file => Read(file, contents)), come.ConvertAll(file => Read(file, contents)));
        var pairs = from before in old
                    from after in made
                    where Math.Min(before.SizeBytes, after.SizeBytes) >= MinLikeness * Math.Max(before.SizeBytes, after.SizeBytes)
                    let likeness = Likeness(before, after)
                    where likeness >= MinLikeness
                    orderby likeness descending, before.Path.Name.SequenceEqual(after.Path.Name) ? 0 : 1, before.Path, after.Path
                    select (before.Path, after.Path);
        foreach (var (from, to) in pairs)
        {
            side.Move(from, to);
        }
    }

    private static List<(WorkspacePath Path, FileState.Regular State)> Texts(IEnumerable<FileChange> changes, Func<FileChange, FileState> state) =>
        [.. changes.Select(change => (change.Path, State: state(change) as FileState.Regular)).Where(file => file.State is { SizeBytes: > 0 and <= PatchOptions.MaxTextBytes }).Select(file => (file.Path, file.State!))];

    private static LineBag Read((WorkspacePath Path, FileState.Regular State) file, IContentSource contents)
    {
        var (bytes, lines) = (contents.Read(file.State.Content), new Dictionary<ulong, long>());
        for (var rest = bytes.AsSpan(); !rest.IsEmpty;)
        {
            var length = rest.IndexOf((byte)'\n') is >= 0 and var end ? end + 1 : rest.Length;
            var hash = LineHash.Of(rest[..length]);
            lines[hash] = lines.GetValueOrDefault(hash) + length;
            rest = rest[length..];
        }

        return new LineBag(file.Path, bytes.Length, lines);
    }

    private static double Likeness(LineBag before, LineBag after)
    {
        long shared = 0;
        foreach (var (line, length) in before.Lines)
        {
            shared += Math.Min(length, after.Lines.GetValueOrDefault(line));
        }

        return (double)shared / Math.Max(before.SizeBytes, after.SizeBytes);
    }

    /// <summary>How many bytes a file has of each line, by the line's hash.</summary>
    private sealed record LineBag(WorkspacePath Path, long SizeBytes, Dictionary<ulong, long> Lines);
}
