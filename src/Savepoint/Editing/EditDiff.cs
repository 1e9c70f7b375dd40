using System.Text;
using System.Text.Unicode;
using Savepoint.Diffs;
using Savepoint.Model;

namespace Savepoint.Editing;

/// <summary>A recorded edit as text that can travel in JSON: of a limited size, and losing no byte.</summary>
internal static class EditDiff
{
    private static readonly PatchOptions WithoutBlobIds = new() { HasBlobIds = false, MaxExactBytes = EditTree.MaxFileBytes };

    /// <summary>The diff, whether it holds everything, and how many hunks each file has.</summary>
    public static (string Text, bool IsComplete, IReadOnlyList<(WorkspacePath Path, int Count)> Files) Of(IReadOnlyList<FileChange> changes, IContentSource contents, int maxBytes)
    {
        var patch = Patch.Create(changes, contents, WithoutBlobIds);
        var text = new StringBuilder();
        var isComplete = !patch.Unexpressed.Any(change => !IsImplied(change, patch));
        foreach (var file in patch.Files)
        {
            var bytes = Bytes(file, changes, contents, maxBytes - text.Length);
            if (bytes is null || bytes.Length > maxBytes - text.Length)
            {
                isComplete = false;
                text.Append('#').Append(' ').Append(PathQuoting.Quote(file.Path.Bytes)).Append(" changed as well; its diff is left out here, being too long.\n");
                continue;
            }

            text.Append(Encoding.UTF8.GetString(bytes));
        }

        return (text.ToString(), isComplete, [.. patch.Files.Select(file => (file.Path, Math.Max(1, file.Hunks.Count)))]);
    }

    private static byte[]? Bytes(FilePatch file, IReadOnlyList<FileChange> changes, IContentSource contents, int maxBytes)
    {
        var change = changes.First(change => change.Path == file.Path || change.Path == file.OldPath);
        if (Size(change.Before) + Size(change.After) > PatchOptions.MaxTextBytes && file.Binary is not null && maxBytes < PatchOptions.MaxTextBytes)
        {
            return null; // whole contents, which only fit where there is room for them
        }

        var bytes = new Patch([file]).ToBytes();
        return Utf8.IsValid(bytes) ? bytes : new Patch([AsBinary(file, change, contents)]).ToBytes();
    }

    /// <summary>The same change in letters and digits alone.</summary>
    private static FilePatch AsBinary(FilePatch file, FileChange change, IContentSource contents)
    {
        var (before, after) = (Read(file.OldPath is null ? FileState.None : change.Before, contents), Read(file.NewPath is null ? FileState.None : change.After, contents));
        return file with
        {
            Hunks = [],
            Binary = BinaryDiff.Between(before, after),
            OldBlob = file.OldPath is null ? default(GitBlobId) : GitBlobId.Of(before),
            NewBlob = file.NewPath is null ? default(GitBlobId) : GitBlobId.Of(after),
        };
    }

    /// <summary>Whether a change that git's format does not have comes of itself: a directory made or gone with the files in it.</summary>
    private static bool IsImplied(FileChange change, Patch patch) =>
        (change.Before is FileState.Directory || change.After is FileState.Directory) && change.Before.GetType() != change.After.GetType()
        && patch.Files.Any(file => file.Path != change.Path && ((file.NewPath ?? file.Path).IsWithin(change.Path) || (file.OldPath ?? file.Path).IsWithin(change.Path)));

    private static byte[] Read(FileState state, IContentSource contents) => state.ContentId is { } id ? contents.Read(id) : [];

    private static long Size(FileState state) => state is FileState.Regular file ? file.SizeBytes : 0;
}
