using System.Diagnostics.CodeAnalysis;
using Savepoint.Model;

namespace Savepoint.Diffs;

/// <summary>
/// Reads patches: what <see cref="Patch.ToBytes"/> and <c>git diff --binary</c> write, and plain unified diffs with
/// <c>---</c> and <c>+++</c> alone. Text before, between and after the files' sections is passed over, as git does, so a
/// mail is read too. A path that is absolute, has a <c>..</c> or lies in <c>.git</c> is refused.
/// </summary>
/// <remarks>
/// The input may be hostile: nothing is allocated because a header says so, and all binary parts together may unpack to
/// <see cref="MaxUnpackedBytes"/>. Refused, since they cannot be applied or taken back exactly: copies, submodules,
/// "Binary files differ".
/// </remarks>
public static class GitPatchParser
{
    /// <summary>How much all binary parts of one patch may unpack to: 1 GiB, as for one file.</summary>
    public const long MaxUnpackedBytes = PatchOptions.MaxFileBytes;

    /// <summary>Reads a patch. Empty input is the empty patch.</summary>
    /// <exception cref="PatchSyntaxException">It is none; says where and why.</exception>
    public static Patch Parse(ReadOnlySpan<byte> bytes)
    {
        var lines = new PatchLines(bytes);
        var files = new List<FilePatch>();
        var unpackLimit = MaxUnpackedBytes;
        while (!lines.IsAtEnd)
        {
            if (lines.TryTake("diff --git "u8, out var names))
            {
                files.Add(GitSection(ref lines, PatchNames.OfGitLine(names), ref unpackLimit));
            }
            else if (IsPlainHeader(lines))
            {
                files.Add(PlainSection(ref lines));
            }
            else
            {
                lines.Advance();
            }
        }

        return files.Count > 0 || bytes.IsEmpty ? new Patch(files) : throw new PatchSyntaxException(1, "there is no patch in this");
    }

    /// <summary>Reads a patch; false and <paramref name="error"/> if it is none.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out Patch? patch, [NotNullWhen(false)] out PatchSyntaxException? error)
    {
        try
        {
            (patch, error) = (Parse(bytes), null);
            return true;
        }
        catch (PatchSyntaxException syntax)
        {
            (patch, error) = (null, syntax);
            return false;
        }
    }

    private static bool IsPlainHeader(PatchLines lines) =>
        lines.TryTake("--- "u8, out _) && lines.TryTake("+++ "u8, out _) && lines.Line.StartsWith("@@ -"u8);

    private static FilePatch GitSection(ref PatchLines lines, byte[]? name, ref long unpackLimit)
    {
        var start = lines;
        var header = GitPatchHeader.Read(ref lines);
        IReadOnlyList<Hunk> hunks = [];
        BinaryPatch? binary = null;
        if (lines.TryTake("GIT binary patch"u8, out _))
        {
            binary = BinaryPatchReader.Read(ref lines, ref unpackLimit);
        }
        else if (lines.Line.StartsWith("Binary files "u8))
        {
            throw lines.Error("the content of a binary file is missing; make the patch with git diff --binary");
        }
        else if (IsPlainHeader(lines))
        {
            var (oldName, newName) = PatchNames.OfHeaderLines(ref lines);
            name ??= PatchNames.Common(oldName, newName);
            hunks = HunkReader.Read(ref lines);
        }

        var patch = new FilePatch
        {
            OldPath = header.IsCreation ? null : Path(header.RenamedFrom ?? name, start),
            NewPath = header.IsDeletion ? null : Path(header.RenamedTo ?? name, start),
            OldMode = header.IsCreation ? GitFileMode.Unknown : header.OldMode,
            NewMode = header.IsDeletion ? GitFileMode.Unknown : header.NewMode,
            OldBlob = header.OldBlob,
            NewBlob = header.NewBlob,
            SimilarityPercent = header.SimilarityPercent,
            Hunks = hunks,
            Binary = binary,
        };
        return Checked(patch, start);
    }

    private static FilePatch PlainSection(ref PatchLines lines)
    {
        var start = lines;
        var (oldName, newName) = PatchNames.OfHeaderLines(ref lines);
        if (oldName is null && newName is null)
        {
            throw start.Error("both names are /dev/null");
        }

        var path = Path(PatchNames.Common(oldName, newName), start);
        var hunks = HunkReader.Read(ref lines);
        return Checked(new FilePatch { OldPath = oldName is null ? null : path, NewPath = newName is null ? null : path, Hunks = hunks }, start);
    }

    private static WorkspacePath Path(byte[]? name, PatchLines at)
    {
        if (name is null)
        {
            throw at.Error("the file has no name, or two");
        }

        if (!WorkspacePath.TryFromBytes(name, out var path, out var problem))
        {
            throw at.Error($"the path {PathQuoting.Quote(name)} is refused: {problem}");
        }

        return path.IsRoot || path.IsInsideGit
            ? throw at.Error($"the path {PathQuoting.Quote(name)} is refused: it is no file of the workspace")
            : path;
    }

    private static FilePatch Checked(FilePatch patch, PatchLines at)
    {
        if ((patch.IsCreation && patch.Hunks.Any(hunk => hunk.OldCount > 0)) || (patch.IsDeletion && patch.Hunks.Any(hunk => hunk.NewCount > 0)))
        {
            throw at.Error("lines are kept of a file that does not exist on the other side");
        }

        var isChange = patch.OldPath is not null && patch.NewPath is not null;
        if (isChange && (patch.OldMode == GitFileMode.Unknown) != (patch.NewMode == GitFileMode.Unknown))
        {
            throw at.Error("a change of mode names only one of its two modes");
        }

        if (isChange && (patch.OldMode == GitFileMode.Symlink) != (patch.NewMode == GitFileMode.Symlink))
        {
            throw at.Error("a file cannot become a link in place");
        }

        return patch;
    }
}
