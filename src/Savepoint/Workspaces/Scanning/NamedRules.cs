using Savepoint.Model;

namespace Savepoint.Workspaces.Scanning;

/// <summary>What the ignore rules say of entries that somebody names, wherever they are: each directory's rules are read once. Not thread-safe.</summary>
/// <param name="tree">Where the ignore files are.</param>
/// <param name="outer">The rules that the root's own are added to.</param>
internal sealed class NamedRules(WorkspaceTree tree, ITreeScope outer)
{
    private readonly Dictionary<WorkspacePath, DirectoryRules> _byDirectory = new() { [WorkspacePath.Root] = new DirectoryRules(tree, WorkspacePath.Root, null, outer) };

    /// <summary>Whether a rule leaves out an entry, itself or with a directory above it.</summary>
    public bool Ignore(WorkspacePath path, bool isDirectory) => !path.IsRoot && Of(path.Parent).Ignore(path.Name, isDirectory);

    private DirectoryRules Of(WorkspacePath directory)
    {
        if (!_byDirectory.TryGetValue(directory, out var rules))
        {
            rules = Of(directory.Parent).Of(directory);
            _byDirectory.Add(directory, rules);
        }

        return rules;
    }
}
