using Savepoint.Model;

namespace Savepoint.Workspaces.Ignore;

/// <summary>Whether a lone path is ignored, its ancestors considered, as <c>git check-ignore --no-index</c> tells it.</summary>
internal static class IgnoreRules
{
    /// <summary>Reads the ignore files of a directory; empty spans where there are none.</summary>
    public delegate (ReadOnlyMemory<byte> Gitignore, ReadOnlyMemory<byte> Savepointignore) ReadFiles(WorkspacePath directory);

    /// <summary>Whether <paramref name="path"/>, or a directory above it, is ignored.</summary>
    /// <param name="root">The scope before the workspace's root is entered.</param>
    /// <param name="path">The entry; the root itself is never ignored.</param>
    /// <param name="isDirectory">Whether the entry is a directory.</param>
    /// <param name="readFiles">Is asked for the root, then for each directory above the entry until one is ignored.</param>
    public static bool IsIgnored(IgnoreScope root, WorkspacePath path, bool isDirectory, ReadFiles readFiles)
    {
        if (path.IsRoot)
        {
            return false;
        }

        var directory = WorkspacePath.Root;
        var scope = Enter(root, directory, readFiles);
        foreach (var ancestor in path.Ancestors())
        {
            if (scope.IsIgnored(directory, ancestor.Name, isDirectory: true))
            {
                return true;
            }

            scope = Enter(scope, ancestor, readFiles);
            directory = ancestor;
        }

        return scope.IsIgnored(directory, path.Name, isDirectory);
    }

    private static IgnoreScope Enter(IgnoreScope scope, WorkspacePath directory, ReadFiles readFiles)
    {
        var (gitignore, savepointignore) = readFiles(directory);
        return scope.Enter(directory, gitignore.Span, savepointignore.Span);
    }
}
