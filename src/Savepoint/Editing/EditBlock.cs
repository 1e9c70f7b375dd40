using System.Globalization;

namespace Savepoint.Editing;

/// <summary>
/// Replaces one block of text by another. The block has to be there once: exactly, or, if asked, but for white space. It
/// is never the first of several, and never one that is only nearly the same.
/// </summary>
internal static class EditBlock
{
    private const int MaxListed = 10;

    public static TextEdit Replace(EditedText text, string name, string search, string replacement, bool ignoreWhitespace)
    {
        search = EditedText.WithLineFeeds(search);
        if (text.Format.Encode(EditedText.WithLineFeeds(replacement)) is not { } made)
        {
            return TextEdit.Unwritable(name);
        }

        if (text.Format.Encode(search) is { } sought)
        {
            var found = FindAll(text.Bytes, sought);
            if (found.Count > 1)
            {
                return Ambiguous(name, found.ConvertAll(text.LineAt), "The search block");
            }

            if (found.Count == 1)
            {
                return TextEdit.Done(text.Replace(found[0], sought.Length, made));
            }

            // The last line of the file may lack the line end that the block gives it; so will its replacement.
            if (!text.EndsWithLine && sought is [.. var line, (byte)'\n'] && text.Bytes.AsSpan().EndsWith(line))
            {
                return TextEdit.Done(text.Replace(text.Bytes.Length - line.Length, line.Length, made is [.., (byte)'\n'] ? made[..^1] : made));
            }
        }

        return ignoreWhitespace ? ReplaceLines(text, name, search, made) : Missing(text, name, search, ignoreWhitespace);
    }

    private static TextEdit ReplaceLines(EditedText text, string name, string search, byte[] made)
    {
        var sought = LineForm.Of(search);
        if (sought.All(line => line.Length == 0))
        {
            return TextEdit.Failed("The search block is all white space, so ignoring white space it is everywhere. Give it a line that says something.");
        }

        var lines = LineForm.Of(text);
        var found = Enumerable.Range(0, Math.Max(0, lines.Length - sought.Length + 1)).Where(at => lines.AsSpan(at, sought.Length).SequenceEqual(sought)).ToList();
        if (found.Count != 1)
        {
            return found.Count == 0 ? Missing(text, name, search, ignoreWhitespace: true) : Ambiguous(name, found, "Ignoring white space, the search block");
        }

        var (first, last) = (found[0], found[0] + sought.Length - 1);
        var start = text.StartOf(first);
        if (made is [])
        {
            return TextEdit.Done(text.Replace(start, text.StartOf(last + 1) - start, made));
        }

        return TextEdit.Done(text.Replace(start, text.EndOf(last) - start, made is [.. var body, (byte)'\n'] ? body : made));
    }

    private static TextEdit Missing(EditedText text, string name, string search, bool ignoreWhitespace)
    {
        var nearest = NearestPlace.Describe(text, search);
        var hint = nearest.IsEqualButForSpace && !ignoreWhitespace ? " It differs in white space alone: copy it exactly, or set ignoreWhitespace." : "";
        return TextEdit.Failed($"The search block is not in {name}.{hint}{nearest.Text}");
    }

    private static TextEdit Ambiguous(string name, List<int> lines, string what)
    {
        var listed = string.Join(", ", lines.Take(MaxListed).Select(line => (line + 1).ToString(CultureInfo.InvariantCulture)));
        var more = lines.Count > MaxListed ? $" and {lines.Count - MaxListed} more" : "";
        return TextEdit.Failed($"{what} stands {lines.Count} times in {name}, beginning in lines {listed}{more}. Nothing was changed: add lines around it until it stands there once.");
    }

    private static List<int> FindAll(ReadOnlySpan<byte> text, ReadOnlySpan<byte> sought)
    {
        var found = new List<int>();
        for (var from = 0; from <= text.Length - sought.Length; from = found[^1] + 1)
        {
            var at = text[from..].IndexOf(sought);
            if (at < 0)
            {
                break;
            }

            found.Add(from + at);
        }

        return found;
    }
}
