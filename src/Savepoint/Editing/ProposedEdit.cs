using Savepoint.Model;

namespace Savepoint.Editing;

/// <summary>One path as an edit found it and as it is to be.</summary>
/// <param name="Path">Which.</param>
/// <param name="Before">What the edit was computed from.</param>
/// <param name="After">What shall stand there.</param>
/// <param name="NewContent">The bytes of <paramref name="After"/> if they are new; null if they are those of something that stands in the tree.</param>
internal sealed record ProposedFile(WorkspacePath Path, FileState Before, FileState After, ReadOnlyMemory<byte>? NewContent = null);

/// <summary>What an edit comes to: the paths to change, or why none is to be.</summary>
internal sealed record ProposedEdit
{
    /// <summary>The paths to change, with the directories made and left empty; none of two means the same.</summary>
    public IReadOnlyList<ProposedFile> Files { get; init; } = [];

    /// <summary>Why nothing is to be done; null if something may be.</summary>
    public string? Problem { get; init; }

    /// <summary>What did not fit, path by path.</summary>
    public IReadOnlyList<FileEditResult> Refused { get; init; } = [];

    public static ProposedEdit Failed(string problem) => new() { Problem = problem };

    /// <summary>One file with new bytes; a new one gets git's usual mode.</summary>
    public static ProposedEdit OfFile(EditTree tree, WorkspacePath path, FileState before, byte[] content)
    {
        var mode = before is FileState.Regular file ? file.Mode : UnixMode.DefaultFile;
        return new ProposedEdit { Files = [new ProposedFile(path, before, new FileState.Regular(mode, ContentId.Of(content), content.Length), content)] }.WithDirectories(tree, removesEmptied: false);
    }

    /// <summary>The same with the directories that new entries need, and without those that the edit leaves empty.</summary>
    /// <param name="tree">The tree as it is.</param>
    /// <param name="removesEmptied">Whether a directory that loses its last entry goes too, as git has it.</param>
    public ProposedEdit WithDirectories(EditTree tree, bool removesEmptied)
    {
        var files = Files.ToDictionary(file => file.Path);
        foreach (var above in Files.Where(file => !file.After.IsAbsent).SelectMany(file => file.Path.Ancestors()))
        {
            if (!files.TryGetValue(above, out var planned))
            {
                planned = new ProposedFile(above, tree.State(above), FileState.None);
                if (planned.Before is FileState.Directory)
                {
                    continue;
                }

                if (!planned.Before.IsAbsent)
                {
                    return this with { Files = [], Problem = $"{PathQuoting.Quote(above.Bytes)} is a file, so nothing can be made in it." };
                }
            }

            files[above] = planned.After is FileState.Directory ? planned : planned with { After = new FileState.Directory(UnixMode.DefaultDirectory), NewContent = null };
        }

        if (removesEmptied)
        {
            AddEmptied(tree, files);
        }

        return this with { Files = [.. files.Values.Where(file => file.Before != file.After).OrderBy(file => file.Path)] };
    }

    private static void AddEmptied(EditTree tree, Dictionary<WorkspacePath, ProposedFile> files)
    {
        var gone = files.Values.Where(file => !file.Before.IsAbsent && file.After.IsAbsent).Select(file => file.Path.Parent).Where(path => !path.IsRoot);
        var pending = new Stack<WorkspacePath>(gone);
        while (pending.TryPop(out var directory))
        {
            if (files.ContainsKey(directory) || tree.State(directory) is not FileState.Directory before
                || tree.Entries(directory).Any(entry => !files.TryGetValue(entry, out var file) || !file.After.IsAbsent)
                || files.Values.Any(file => !file.After.IsAbsent && file.Path.IsWithin(directory)))
            {
                continue;
            }

            files[directory] = new ProposedFile(directory, before, FileState.None);
            if (!directory.Parent.IsRoot)
            {
                pending.Push(directory.Parent);
            }
        }
    }
}
