using Savepoint.Model;

namespace Savepoint.Compaction;

/// <summary>The seed's whitespace formatting chains: neighbouring snapshots that change nothing but white space are one.</summary>
internal static class FormattingChains
{
    public static List<Stretch> Merge(List<Stretch> stretches, IContentSource contents)
    {
        var merged = new List<Stretch>();
        var lastFormats = false;
        foreach (var next in stretches)
        {
            var formats = next.Net.Count > 0 && next.Net.Values.All(change => OnlyWhiteSpaceDiffers(change, contents));
            if (formats && lastFormats)
            {
                merged[^1] = merged[^1].With(next, MergeRule.FormattingChain);
            }
            else
            {
                merged.Add(next);
            }

            lastFormats = formats;
        }

        return merged;
    }

    private static bool OnlyWhiteSpaceDiffers(FileChange change, IContentSource contents) =>
        change is { Before: FileState.Regular before, After: FileState.Regular after } && before.Mode == after.Mode
        && before.SizeBytes <= DiffCompressionEngine.MaxReadBytes && after.SizeBytes <= DiffCompressionEngine.MaxReadBytes
        && AreAlike(contents.Read(before.Content), contents.Read(after.Content));

    private static bool AreAlike(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        while (true)
        {
            before = before.TrimStart(" \t\r\n\f\v"u8);
            after = after.TrimStart(" \t\r\n\f\v"u8);
            if (before.IsEmpty || after.IsEmpty)
            {
                return before.Length == after.Length;
            }

            if (before[0] != after[0])
            {
                return false;
            }

            before = before[1..];
            after = after[1..];
        }
    }
}
