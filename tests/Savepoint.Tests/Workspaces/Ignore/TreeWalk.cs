using Savepoint.Model;
using Savepoint.Workspaces.Ignore;

namespace Savepoint.Tests.Workspaces.Ignore;

/// <summary>The simplest walk over a tree that obeys the rules: what a scan has to come to.</summary>
internal static class TreeWalk
{
    /// <summary>The files that are not ignored, by path.</summary>
    public static List<string> Files(string tree, IgnoreScope root)
    {
        var files = new List<string>();
        Visit(new DirectoryInfo(tree), WorkspacePath.Root, root, files);
        files.Sort(StringComparer.Ordinal);
        return files;
    }

    private static void Visit(DirectoryInfo folder, WorkspacePath directory, IgnoreScope scope, List<string> files)
    {
        scope = scope.Enter(directory, Read(folder, ".gitignore"), Read(folder, ".savepointignore"));
        foreach (var entry in folder.EnumerateFileSystemInfos())
        {
            var isDirectory = entry is DirectoryInfo && entry.LinkTarget is null;
            var name = System.Text.Encoding.UTF8.GetBytes(entry.Name);
            if (WorkspacePath.IsGitName(name) || scope.IsIgnored(directory, name, isDirectory))
            {
                continue;
            }

            var path = directory.Append(name);
            if (isDirectory)
            {
                Visit((DirectoryInfo)entry, path, scope, files);
            }
            else
            {
                files.Add(path.ToString());
            }
        }
    }

    private static byte[] Read(DirectoryInfo folder, string name)
    {
        var file = new FileInfo(Path.Combine(folder.FullName, name));
        return file.Exists && file.LinkTarget is null ? File.ReadAllBytes(file.FullName) : [];
    }
}
