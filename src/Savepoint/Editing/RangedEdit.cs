namespace Savepoint.Editing;

/// <summary>
/// Replaces lines by number. Lines are counted from 1 and both ends belong to the range; an end before its start by one is
/// the empty range before that line; −1 as the end is the last line; −1 twice is behind it. The new content is a number of
/// lines, whether or not its last one has a line end; whether the file ends with one stays as it was.
/// </summary>
internal static class RangedEdit
{
    public static TextEdit Replace(EditedText text, string name, string content, int startLine, int endLine)
    {
        var lines = text.LineCount;
        var (start, end) = (startLine, endLine) switch
        {
            (-1, -1) => (lines + 1, lines),
            (_, -1) => (startLine, lines),
            _ => (startLine, endLine),
        };
        if (Problem(name, lines, start, end, startLine, endLine) is { } problem)
        {
            return TextEdit.Failed(problem);
        }

        if (text.Format.Encode(EditedText.WithLineFeeds(content)) is not { } made)
        {
            return TextEdit.Unwritable(name);
        }

        if (text.Bytes.Length == 0)
        {
            return TextEdit.Done(text.ReplaceAll(content)); // no line end yet that could be kept
        }

        var (from, to) = (text.StartOf(start - 1), text.StartOf(end));
        made = made is [] or [.., (byte)'\n'] ? made : [.. made, (byte)'\n'];
        if (to == text.Bytes.Length && !text.EndsWithLine)
        {
            // The range reaches an end without a line end, and so shall the new one.
            made = made is [] ? made : made[..^1];
            if (from == to && made is not [])
            {
                made = [(byte)'\n', .. made];
            }
            else if (made is [] && from > 0 && from < to)
            {
                from--;
            }
        }

        return TextEdit.Done(text.Replace(from, to - from, made));
    }

    private static string? Problem(string name, int lines, int start, int end, int startLine, int endLine)
    {
        var has = lines == 1 ? "has 1 line" : $"has {lines} lines";
        return startLine == 0 || startLine < -1 ? $"Lines are counted from 1, and startLine is {startLine}. To insert before the first line: startLine 1, endLine 0."
            : startLine == -1 && endLine != -1 ? $"startLine is -1 and endLine is {endLine}. To append: both -1."
            : start > lines + 1 ? $"{name} {has}, and startLine is {startLine}. To append: startLine -1, endLine -1."
            : end > lines ? $"{name} {has}, and endLine is {endLine}. For all to the end: endLine -1."
            : end < start - 1 ? $"endLine {endLine} is before startLine {startLine}. To insert before line {startLine}: endLine {startLine - 1}."
            : null;
    }
}
