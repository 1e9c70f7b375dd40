using System.Buffers.Text;
using Savepoint.Model;

namespace Savepoint.Diffs;

/// <summary>What the lines between <c>diff --git</c> and the content say.</summary>
internal sealed class GitPatchHeader
{
    public bool IsCreation { get; private set; }

    public bool IsDeletion { get; private set; }

    public GitFileMode OldMode { get; private set; }

    public GitFileMode NewMode { get; private set; }

    public byte[]? RenamedFrom { get; private set; }

    public byte[]? RenamedTo { get; private set; }

    public int? SimilarityPercent { get; private set; }

    public GitBlobId? OldBlob { get; private set; }

    public GitBlobId? NewBlob { get; private set; }

    /// <summary>Reads up to the first line that is none of a header.</summary>
    public static GitPatchHeader Read(ref PatchLines lines)
    {
        var header = new GitPatchHeader();
        while (!lines.IsAtEnd && header.TryReadLine(ref lines))
        {
        }

        if ((header.RenamedFrom is null) != (header.RenamedTo is null))
        {
            throw lines.Error("a move names only one of its two paths");
        }

        return header.IsCreation && header.IsDeletion ? throw lines.Error("a file cannot be made and removed at once") : header;
    }

    private bool TryReadLine(ref PatchLines lines)
    {
        var at = lines;
        if (lines.TryTake("old mode "u8, out var value))
        {
            OldMode = Mode(value, at);
        }
        else if (lines.TryTake("new mode "u8, out value))
        {
            NewMode = Mode(value, at);
        }
        else if (lines.TryTake("new file mode "u8, out value))
        {
            (IsCreation, NewMode) = (true, Mode(value, at));
        }
        else if (lines.TryTake("deleted file mode "u8, out value))
        {
            (IsDeletion, OldMode) = (true, Mode(value, at));
        }
        else if (lines.TryTake("rename from "u8, out value))
        {
            RenamedFrom = PatchNames.Unquoted(value, at);
        }
        else if (lines.TryTake("rename to "u8, out value))
        {
            RenamedTo = PatchNames.Unquoted(value, at);
        }
        else if (lines.TryTake("similarity index "u8, out value))
        {
            SimilarityPercent = Utf8Parser.TryParse(value, out int percent, out _) && percent is >= 0 and <= 100
                ? percent
                : throw at.Error("the similarity is no percentage");
        }
        else if (lines.TryTake("index "u8, out value))
        {
            ReadIndex(value, at);
        }
        else if (lines.Line.StartsWith("copy from "u8) || lines.Line.StartsWith("copy to "u8))
        {
            throw at.Error("copies cannot be taken back; make the patch without finding copies");
        }
        else
        {
            return lines.TryTake("dissimilarity index "u8, out _);
        }

        return true;
    }

    /// <summary><c>OLD..NEW</c>, and the mode if it stays. Abbreviated ids say too little to be used.</summary>
    private void ReadIndex(ReadOnlySpan<byte> value, PatchLines at)
    {
        var dots = value.IndexOf(".."u8);
        if (dots < 0)
        {
            throw at.Error("an index line has the form OLD..NEW");
        }

        var after = value[(dots + 2)..];
        var space = after.IndexOf((byte)' ');
        if (space >= 0)
        {
            OldMode = NewMode = Mode(after[(space + 1)..], at);
            after = after[..space];
        }

        if (GitBlobId.TryParse(value[..dots], out var oldBlob) && GitBlobId.TryParse(after, out var newBlob))
        {
            (OldBlob, NewBlob) = (oldBlob, newBlob);
        }
    }

    private static GitFileMode Mode(ReadOnlySpan<byte> digits, PatchLines at) =>
        GitFileModes.TryParse(digits, out var mode) ? mode : throw at.Error($"mode {PathQuoting.Quote(digits)} is neither a file's nor a link's");
}
