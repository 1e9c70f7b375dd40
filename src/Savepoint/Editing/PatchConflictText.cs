using Savepoint.Diffs;
using Savepoint.Model;

namespace Savepoint.Editing;

/// <summary>Why a file of a patch does not fit, for the model that wrote the patch: what, where, and what to do about it.</summary>
internal static class PatchConflictText
{
    public static string Of(PatchConflict conflict, Patch patch, EditTree tree)
    {
        var name = PathQuoting.Quote(conflict.Path.Bytes);
        return conflict.Reason switch
        {
            PatchConflictReason.Missing => $"{name} does not exist, so it cannot be changed. To make it, the diff's old side is /dev/null.",
            PatchConflictReason.Exists => $"{name} exists, so it cannot be made or moved to.",
            PatchConflictReason.WrongKind => $"{name} is not the kind of entry that the diff is about.",
            PatchConflictReason.HunkDiffers => $"Hunk {conflict.HunkNumber} does not fit {name}: the lines that it keeps or removes are not there.{Nearest(conflict, patch, tree)}",
            PatchConflictReason.ContentDiffers => $"{name} is not the file that the binary diff was made from.",
            PatchConflictReason.HoldsMore => $"{name} holds more than the diff removes.",
            _ => $"The binary diff of {name} is damaged.",
        };
    }

    private static string Nearest(PatchConflict conflict, Patch patch, EditTree tree)
    {
        var file = patch.Files.First(file => file.Path == conflict.Path && file.Hunks.Count >= conflict.HunkNumber);
        return file.OldPath is { } path && tree.Read(path) is { State: FileState.Regular } version && EditedText.TryRead(version.Content.Span) is { } text
            ? NearestPlace.Describe(text, text.Format.Decode(file.Hunks[conflict.HunkNumber - 1].OldBytes())).Text
            : "";
    }
}
