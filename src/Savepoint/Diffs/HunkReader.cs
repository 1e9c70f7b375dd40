using System.Buffers.Text;

namespace Savepoint.Diffs;

/// <summary>Reads the <c>@@</c> sections of one file.</summary>
internal static class HunkReader
{
    public static List<Hunk> Read(ref PatchLines lines)
    {
        var hunks = new List<Hunk>();
        var (oldEnd, drift) = (0, 0L);
        while (lines.Line.StartsWith("@@ -"u8))
        {
            var at = lines;
            var hunk = ReadOne(ref lines, drift);
            if (hunk.OldStart < oldEnd)
            {
                throw at.Error("hunks overlap, or are out of order");
            }

            oldEnd = hunk.OldStart + hunk.OldCount;
            drift += hunk.NewCount - hunk.OldCount;
            hunks.Add(hunk);
        }

        return hunks;
    }

    /// <summary>
    /// One hunk. Where its new lines begin follows from its old lines and the hunks before; what the header says of it is
    /// not used, since hand-made patches often have it wrong and git does not look at it either.
    /// </summary>
    private static Hunk ReadOne(ref PatchLines lines, long drift)
    {
        var at = lines;
        lines.TryTake("@@ -"u8, out var header);
        if (!TryReadRange(ref header, out var oldStart, out var oldCount)
            || !header.StartsWith(" +"u8))
        {
            throw at.Error("a hunk begins with @@ -START,COUNT +START,COUNT @@");
        }

        header = header[2..];
        if (!TryReadRange(ref header, out _, out var newCount) || !header.StartsWith(" @@"u8))
        {
            throw at.Error("a hunk begins with @@ -START,COUNT +START,COUNT @@");
        }

        oldStart -= oldCount == 0 ? 0 : 1;
        var newStart = oldStart + drift;
        if (oldStart < 0 || newStart is < 0 or > int.MaxValue || oldStart > int.MaxValue - oldCount)
        {
            throw at.Error("a hunk's place is out of range");
        }

        var hunk = new HunkBuilder(oldStart, (int)newStart);
        ReadBody(ref lines, hunk, oldCount, newCount);
        return hunk.Build();
    }

    private static void ReadBody(ref PatchLines lines, HunkBuilder hunk, int oldCount, int newCount)
    {
        var (oldEnds, newEnds) = (false, false); // whether that side's last line, which has no LF, has been seen
        while (oldCount > 0 || newCount > 0)
        {
            var at = lines;
            var raw = lines.Raw;
            var kind = raw.IsEmpty ? default
                : raw[0] is (byte)'\n' or (byte)'\r' ? HunkLineKind.Context // mailers cut an empty line's space
                : (HunkLineKind)raw[0];
            var content = raw.IsEmpty || raw[0] is (byte)'\n' or (byte)'\r' ? raw : raw[1..];
            if (kind is not (HunkLineKind.Context or HunkLineKind.Deleted or HunkLineKind.Added))
            {
                throw at.Error("the hunk ends before its lines do");
            }

            var isOld = kind != HunkLineKind.Added;
            var isNew = kind != HunkLineKind.Deleted;
            lines.Advance();
            oldCount -= isOld ? 1 : 0;
            newCount -= isNew ? 1 : 0;
            if (oldCount < 0 || newCount < 0 || (isOld && oldEnds) || (isNew && newEnds))
            {
                throw at.Error("the hunk has more lines than it may");
            }

            if (lines.Raw.StartsWith("\\ "u8))
            {
                content = content.EndsWith("\n"u8) ? content[..^1] : content;
                oldEnds |= isOld;
                newEnds |= isNew;
                lines.Advance();
            }
            else if (!content.EndsWith("\n"u8))
            {
                throw at.Error("the patch is cut off inside a line");
            }

            hunk.Add(kind, content);
        }
    }

    /// <summary>START or START,COUNT, not negative.</summary>
    private static bool TryReadRange(ref ReadOnlySpan<byte> text, out int start, out int count)
    {
        count = 1;
        if (!TryReadNumber(ref text, out start))
        {
            return false;
        }

        if (!text.StartsWith(","u8))
        {
            return true;
        }

        text = text[1..];
        return TryReadNumber(ref text, out count);
    }

    private static bool TryReadNumber(ref ReadOnlySpan<byte> text, out int number)
    {
        if (text.IsEmpty || !char.IsAsciiDigit((char)text[0]) || !Utf8Parser.TryParse(text, out number, out var length))
        {
            number = 0;
            return false;
        }

        text = text[length..];
        return true;
    }
}
