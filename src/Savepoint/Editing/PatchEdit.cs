using Savepoint.Diffs;
using Savepoint.Model;

namespace Savepoint.Editing;

/// <summary>
/// A patch as an edit: every file of it, or none. As <c>git apply</c> does it finds hunks that have moved, and a
/// directory that loses its last file goes. More than that, hunks with LF fit a file with CRLF, and hunks of text one in
/// UTF-16: a model has read no other.
/// </summary>
internal sealed class PatchEdit(EditTree tree, Action<WorkspacePath> check)
{
    private static readonly PatchApplyOptions AsGit = new() { MaxOffsetLineCount = int.MaxValue };

    /// <summary>What applying the patch comes to.</summary>
    /// <param name="patch">The patch, its paths relative to the workspace.</param>
    /// <param name="leavesConflicts">Whether files that do not fit are left out, instead of all being so.</param>
    /// <exception cref="SavepointException">A path of it is refused.</exception>
    public ProposedEdit Propose(Patch patch, bool leavesConflicts)
    {
        foreach (var path in patch.Files.SelectMany(file => Paths(file)))
        {
            check(path);
        }

        var refused = new List<FileEditResult>();
        while (true)
        {
            var texts = new Dictionary<WorkspacePath, EditedText>();
            var result = Apply(patch, texts);
            if (result is PatchApplyResult.Conflicted differing && AddTexts(patch, differing, texts))
            {
                result = Apply(patch, texts);
            }

            if (result is PatchApplyResult.Applied applied)
            {
                return new ProposedEdit { Files = [.. applied.Files.Select(file => Proposed(patch, file, texts))], Refused = refused }.WithDirectories(tree, removesEmptied: true);
            }

            var conflicts = ((PatchApplyResult.Conflicted)result).Conflicts;
            refused.AddRange(conflicts.Select(conflict => new FileEditResult(conflict.Path, false, 0, PatchConflictText.Of(conflict, patch, tree))));
            var rest = patch.Files.Where(file => !conflicts.Any(conflict => Paths(file).Contains(conflict.Path))).ToList();
            if (!leavesConflicts || rest.Count == 0)
            {
                return new ProposedEdit { Problem = $"Nothing was changed. {string.Join("\n", refused.Select(file => file.Message))}", Refused = refused };
            }

            patch = new Patch(rest);
        }
    }

    private PatchApplyResult Apply(Patch patch, Dictionary<WorkspacePath, EditedText> texts)
    {
        var leaving = patch.Files.Where(file => file.IsDeletion || file.IsRename).Select(file => file.OldPath!.Value).ToHashSet();

        // Where a patch does not say what it is about, it is about a file, not about where a link leads.
        var files = patch.Files.Where(file => file is { OldMode: GitFileMode.Unknown, OldPath: not null } && (file.ChangesContent || file.IsDeletion)).Select(file => file.OldPath!.Value).ToHashSet();
        return patch.Apply(path =>
        {
            var version = files.Contains(path) && tree.State(path) is FileState.Symlink ? tree.ReadFile(path) : tree.Read(path);
            return texts.TryGetValue(path, out var text) ? version with { Content = text.Bytes }
                : version.State is FileState.Directory && IsVacated(path, leaving) ? FileVersion.None
                : version;
        }, AsGit);
    }

    /// <summary>Reads as text the files whose bytes the hunks did not fit; false if there is none for which that says anything new.</summary>
    private bool AddTexts(Patch patch, PatchApplyResult.Conflicted result, Dictionary<WorkspacePath, EditedText> texts)
    {
        foreach (var conflict in result.Conflicts.Where(conflict => conflict.Reason == PatchConflictReason.HunkDiffers))
        {
            foreach (var path in patch.Files.Where(file => file.Path == conflict.Path).Select(file => file.OldPath).OfType<WorkspacePath>())
            {
                if (tree.Read(path) is { State: FileState.Regular } version && EditedText.TryRead(version.Content.Span) is { } text && !version.Content.Span.SequenceEqual(text.Bytes))
                {
                    texts[path] = text;
                }
            }
        }

        return texts.Count > 0;
    }

    private ProposedFile Proposed(Patch patch, PatchedFile file, Dictionary<WorkspacePath, EditedText> texts)
    {
        var before = file.Before.State.IsAbsent ? tree.State(file.Path) : file.Before.State; // a directory that is left may have been read as nothing
        var source = patch.Files.LastOrDefault(other => other.NewPath == file.Path && other.ChangesContent)?.OldPath;
        if (source is { } old && texts.TryGetValue(old, out var text) && file.After.State is FileState.Regular after)
        {
            var bytes = text.WithBytes(file.After.Content.Span);
            return new ProposedFile(file.Path, before, after with { Content = ContentId.Of(bytes), SizeBytes = bytes.Length }, bytes);
        }

        return new ProposedFile(file.Path, before, file.After.State, file.After.State.ContentId is null ? default(ReadOnlyMemory<byte>?) : file.After.Content);
    }

    private bool IsVacated(WorkspacePath directory, HashSet<WorkspacePath> leaving) =>
        tree.Entries(directory).All(entry => leaving.Contains(entry) || (tree.State(entry) is FileState.Directory && IsVacated(entry, leaving)));

    private static IEnumerable<WorkspacePath> Paths(FilePatch file) => new[] { file.OldPath, file.NewPath }.OfType<WorkspacePath>().Distinct();
}
