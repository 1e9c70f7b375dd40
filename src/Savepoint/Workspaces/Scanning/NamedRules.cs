using Savepoint.Model;

namespace Savepoint.Workspaces.Scanning;

/// <summary>What the ignore rules say of entries that somebody names, wherever they are: each directory's rules are read once. Not thread-safe.</summary>
/// <param name="read">Reads an ignore file; null for one that is not there.</param>
/// <param name="outer">The rules that the root's own are added to.</param>
internal sealed class NamedRules(Func<WorkspacePath, byte[]?> read, ITreeScope outer)
{
    private readonly Dictionary<WorkspacePath, DirectoryRules> _byDirectory = new() { [WorkspacePath.Root] = new DirectoryRules(read, WorkspacePath.Root, null, outer) };

    /// <summary>Whether a rule leaves out an entry, itself or with a directory above it.</summary>
    public bool Ignore(WorkspacePath path, bool isDirectory) => !path.IsRoot && Of(path.Parent).Ignore(path.Name, isDirectory);

    /// <summary>The entry, or the directory above it, that a rule leaves out; null if none does. A directory stands for all that it holds.</summary>
    public WorkspacePath? FindIgnored(WorkspacePath path, bool isDirectory)
    {
        foreach (var above in path.Ancestors().Where(above => !above.IsRoot).OrderBy(above => above.Bytes.Length))
        {
            if (Of(above.Parent).Ignore(above.Name, isDirectory: true))
            {
                return above;
            }
        }

        return Ignore(path, isDirectory) ? path : null;
    }

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
