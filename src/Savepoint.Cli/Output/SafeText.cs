using System.Globalization;
using System.Text;
using Savepoint.Model;

namespace Savepoint.Cli.Output;

/// <summary>Text that others wrote, made harmless for a terminal: no control character, no change of writing direction.</summary>
internal static class SafeText
{
    /// <summary>A path as git prints it.</summary>
    public static string Of(WorkspacePath path) => path.IsRoot ? "." : PathQuoting.Quote(path.Bytes);

    /// <summary>The text in one line, each dangerous character shown as its escape.</summary>
    public static string Of(string text)
    {
        var safe = 0;
        while (safe < text.Length && !IsDangerous(text[safe]))
        {
            safe++;
        }

        if (safe == text.Length)
        {
            return text;
        }

        var shown = new StringBuilder(text, 0, safe, text.Length + 8);
        foreach (var c in text.AsSpan(safe))
        {
            _ = c switch
            {
                '\n' => shown.Append("\\n"),
                '\t' => shown.Append(' '),
                _ when IsDangerous(c) => shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => shown.Append(c),
            };
        }

        return shown.ToString();
    }

    // C0, DEL, C1, line separators, and the marks that turn the direction of text (Trojan Source, CVE-2021-42574).
    private static bool IsDangerous(char c) =>
        char.IsControl(c) || c is '\u2028' or '\u2029' or '\u061C' or '\u200E' or '\u200F' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
