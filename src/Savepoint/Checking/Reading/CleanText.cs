using System.Text;

namespace Savepoint.Checking.Reading;

/// <summary>Text of other programs as one line of sound UTF-16, cut to a length: a name from XML may hold anything.</summary>
internal static class CleanText
{
    public static string Of(ReadOnlySpan<char> text, int maxLength)
    {
        var cut = text.Length > maxLength ? text[..maxLength] : text;
        var dirty = 0;
        while (dirty < cut.Length && !char.IsControl(cut[dirty]) && !char.IsSurrogate(cut[dirty]))
        {
            dirty++;
        }

        if (dirty == cut.Length)
        {
            return cut.ToString();
        }

        var clean = new StringBuilder(cut.Length).Append(cut[..dirty]);
        foreach (var rune in cut[dirty..].EnumerateRunes())
        {
            clean.Append(Rune.IsControl(rune) ? " " : rune.ToString()); // half a pair comes as U+FFFD
        }

        return clean.ToString();
    }
}
