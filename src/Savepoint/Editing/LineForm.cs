using System.Text;

namespace Savepoint.Editing;

/// <summary>Lines as they compare when white space does not count: none at their ends, one blank for each run within.</summary>
internal static class LineForm
{
    public static string[] Of(EditedText text) => [.. Enumerable.Range(0, text.LineCount).Select(line => Of(text.Line(line).AsSpan()))];

    public static string[] Of(string text)
    {
        var lines = text.Split('\n');
        return [.. lines.Take(lines is [.., ""] ? lines.Length - 1 : lines.Length).Select(line => Of(line.AsSpan()))];
    }

    private static string Of(ReadOnlySpan<char> line)
    {
        var form = new StringBuilder(line.Length);
        var isGap = false;
        foreach (var character in line)
        {
            if (char.IsWhiteSpace(character))
            {
                isGap = form.Length > 0;
                continue;
            }

            form.Append(isGap ? " " : "").Append(character);
            isGap = false;
        }

        return form.ToString();
    }
}
