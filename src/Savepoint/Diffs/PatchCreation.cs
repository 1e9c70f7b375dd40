using Savepoint.Model;

namespace Savepoint.Diffs;

/// <summary>Turns changes into file patches, one by one.</summary>
internal sealed class PatchCreation(IContentSource contents, PatchOptions options)
{
    private readonly List<FilePatch> _files = [];
    private readonly List<FileChange> _unexpressed = [];

    public void Add(FileChange change)
    {
        if (IsOmitted(change) || !IsWhollyExpressible(change))
        {
            _unexpressed.Add(change);
        }

        var (before, after) = (GitFileModes.Of(change.Before), GitFileModes.Of(change.After));
        if (before is { } oldMode && after is { } newMode && IsLink(oldMode) == IsLink(newMode))
        {
            Change(change.OldPath ?? change.Path, change.Path, change.Before, change.After, oldMode, newMode);
            return;
        }

        // Git has no "became a link": the one disappears, the other appears.
        if (before is { } gone)
        {
            Change(change.OldPath ?? change.Path, null, change.Before, FileState.None, gone, GitFileMode.Unknown);
        }

        if (after is { } made)
        {
            Change(null, change.Path, FileState.None, change.After, GitFileMode.Unknown, made);
        }
    }

    public Patch Build() => new(_files, _unexpressed);

    private void Change(
        WorkspacePath? oldPath, WorkspacePath? newPath, FileState before, FileState after, GitFileMode oldMode, GitFileMode newMode)
    {
        var patch = new FilePatch { OldPath = oldPath, NewPath = newPath, OldMode = oldMode, NewMode = newMode };
        if (before.ContentId == after.ContentId)
        {
            patch = patch with { SimilarityPercent = patch.IsRename ? 100 : null };
            if (patch.IsRename || oldMode != newMode)
            {
                _files.Add(patch);
            }

            return;
        }

        _files.Add(IsLarge(before) || IsLarge(after) ? WithLargeContent(patch, before, after) : WithContent(patch, Read(before), Read(after), options));
    }

    /// <summary>The patch, with both contents whole: to be read when it is written. Or, where even that would be too much, the word that they differ.</summary>
    private FilePatch WithLargeContent(FilePatch patch, FileState before, FileState after)
    {
        if (IsBeyond(options.MaxExactBytes, before) || IsBeyond(options.MaxExactBytes, after))
        {
            return patch with { Binary = BinaryPatch.Omitted };
        }

        var (old, made) = (BinaryPayload.Stored(before, contents), BinaryPayload.Stored(after, contents));
        return patch with
        {
            OldBlob = patch.OldPath is null ? default : GitBlobId.Of(old),
            NewBlob = patch.NewPath is null ? default : GitBlobId.Of(made),
            Binary = new BinaryPatch(made, old),
        };
    }

    private byte[] Read(FileState state) => state.ContentId is { } id ? contents.Read(id) : [];

    /// <summary>The patch, with the change from one content to the other; an absent side is empty.</summary>
    internal static FilePatch WithContent(FilePatch patch, byte[] before, byte[] after, PatchOptions options)
    {
        var isBinary = Math.Max(before.Length, after.Length) > PatchOptions.MaxTextBytes
            || BinaryPatch.IsBinary(before) || BinaryPatch.IsBinary(after);
        if (isBinary || options.HasBlobIds)
        {
            patch = patch with
            {
                OldBlob = patch.OldPath is null ? default(GitBlobId) : GitBlobId.Of(before),
                NewBlob = patch.NewPath is null ? default(GitBlobId) : GitBlobId.Of(after),
            };
        }

        if (isBinary)
        {
            return patch with { Binary = BinaryDiff.Between(before, after) };
        }

        var edits = LineDiff.Compute(before, after);
        var largest = Math.Max(Math.Max(before.Length, after.Length), 1);
        var kept = before.Length - edits.Sum(edit => (long)edit.OldLength);
        return patch with
        {
            Hunks = TextHunks.From(edits, before, after, options.ContextLineCount),
            SimilarityPercent = patch.IsRename ? (int)(kept * 100 / largest) : null,
        };
    }

    private static bool IsLink(GitFileMode mode) => mode == GitFileMode.Symlink;

    private static bool IsLarge(FileState state) => IsBeyond(PatchOptions.MaxTextBytes, state);

    private static bool IsBeyond(long limitBytes, FileState state) => state is FileState.Regular file && file.SizeBytes > limitBytes;

    private bool IsOmitted(FileChange change)
    {
        var limitBytes = Math.Max(options.MaxExactBytes, PatchOptions.MaxTextBytes);
        return change.Before.ContentId != change.After.ContentId && (IsBeyond(limitBytes, change.Before) || IsBeyond(limitBytes, change.After));
    }

    private static bool IsWhollyExpressible(FileChange change) =>
        change.Before is not FileState.Directory && change.After is not FileState.Directory
        && ModeComesBack(change.Before, change.After) && ModeComesBack(change.After, change.Before);

    /// <summary>Whether applying what git can say of <paramref name="to"/> gives exactly its mode.</summary>
    private static bool ModeComesBack(FileState from, FileState to) =>
        to is not FileState.Regular file
        || PatchApplication.ModeOf(from is FileState.Regular before ? before.Mode : null, GitFileModes.Of(to) ?? default) == file.Mode;
}
