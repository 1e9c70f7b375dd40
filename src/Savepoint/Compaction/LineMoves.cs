using Savepoint.Diffs;
using Savepoint.Model;

namespace Savepoint.Compaction;

/// <summary>
/// Counts the lines that a stretch as a whole took away in one place and brought in another, over all its files; compared
/// without their indentation, since moved code is often indented anew.
/// </summary>
internal static class LineMoves
{
    private const int MinLineBytes = 4; // braces and the like stand everywhere

    public static int CountIn(Stretch stretch, IContentSource contents)
    {
        var (removed, added) = (new Dictionary<ulong, int>(), new Dictionary<ulong, int>());
        foreach (var change in stretch.Net.Values)
        {
            if (TextOf(change.Before, contents) is { } before && TextOf(change.After, contents) is { } after)
            {
                foreach (var edit in LineDiff.Compute(before, after))
                {
                    Count(before.AsSpan(edit.OldOffset, edit.OldLength), removed);
                    Count(after.AsSpan(edit.NewOffset, edit.NewLength), added);
                }
            }
        }

        return removed.Sum(line => Math.Min(line.Value, added.GetValueOrDefault(line.Key)));
    }

    // A file that is not there is an empty one; null for what is no text to compare.
    private static byte[]? TextOf(FileState state, IContentSource contents) => state switch
    {
        FileState.Absent => [],
        FileState.Regular { SizeBytes: <= DiffCompressionEngine.MaxReadBytes } file => contents.Read(file.Content),
        _ => null,
    };

    private static void Count(ReadOnlySpan<byte> lines, Dictionary<ulong, int> counts)
    {
        foreach (var range in lines.Split((byte)'\n'))
        {
            var line = lines[range].Trim(" \t\r"u8);
            if (line.Length >= MinLineBytes)
            {
                var hash = LineHash.Of(line);
                counts[hash] = counts.GetValueOrDefault(hash) + 1;
            }
        }
    }
}
