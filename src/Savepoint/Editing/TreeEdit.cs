using Savepoint.Model;

namespace Savepoint.Editing;

/// <summary>Edits of entries as a whole: what is in them does not matter.</summary>
internal static class TreeEdit
{
    public static ProposedEdit Delete(EditTree tree, EditPath paths, WorkspacePath path, bool recursive)
    {
        var name = PathQuoting.Quote(path.Bytes);
        switch (tree.State(path))
        {
            case FileState.Absent:
                return ProposedEdit.Failed($"{name} does not exist, so it cannot be deleted.");
            case FileState.Directory when !recursive && tree.Entries(path).Any():
                return ProposedEdit.Failed($"{name} is a directory that is not empty. Set recursive to delete it with all it holds.");
            default:
                return new ProposedEdit { Files = [.. All(tree, paths, path).Select(entry => new ProposedFile(entry, tree.State(entry), FileState.None))] };
        }
    }

    public static ProposedEdit Rename(EditTree tree, EditPath paths, WorkspacePath path, WorkspacePath newPath)
    {
        var (name, newName) = (PathQuoting.Quote(path.Bytes), PathQuoting.Quote(newPath.Bytes));
        if (tree.State(path).IsAbsent)
        {
            return ProposedEdit.Failed($"{name} does not exist, so it cannot be moved.");
        }

        if (path != newPath && newPath.IsWithin(path))
        {
            return ProposedEdit.Failed($"{newName} lies within {name}, which cannot be moved into itself.");
        }

        if (!tree.State(newPath).IsAbsent)
        {
            return ProposedEdit.Failed($"{newName} exists already. Delete it first, or choose another name.");
        }

        var moved = All(tree, paths, path).SelectMany(entry =>
        {
            var state = tree.State(entry);
            return new[] { new ProposedFile(entry, state, FileState.None), new ProposedFile(Moved(entry, path, newPath), FileState.None, state) };
        });
        return new ProposedEdit { Files = [.. moved] }.WithDirectories(tree, removesEmptied: false);
    }

    private static List<WorkspacePath> All(EditTree tree, EditPath paths, WorkspacePath path)
    {
        var all = tree.AtAndBelow(path).ToList();
        all.ForEach(paths.Check);
        return all;
    }

    private static WorkspacePath Moved(WorkspacePath entry, WorkspacePath from, WorkspacePath to) =>
        WorkspacePath.TryFromBytes([.. to.Bytes, .. entry.Bytes[from.Bytes.Length..]], out var moved, out var problem)
            ? moved
            : throw new SavepointException(ErrorCode.RefusedPath, $"{PathQuoting.Quote(entry.Bytes)} cannot be moved there: {problem}.", "Choose a shorter name.");
}
