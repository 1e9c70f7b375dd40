using Savepoint.Model;
using Savepoint.Workspaces;

namespace Savepoint.Recording;

/// <summary>
/// Records named paths: each with the directories above it, and for a directory all that the head holds below it. The
/// cost is that of those paths, whatever the size of the tree.
/// </summary>
internal sealed class PathRecorder(WorkspaceTree tree, IHeadTree head, StateReader reader)
{
    /// <summary>What differs from the head at these paths, in path order. Directories' unrecorded entries are for a scan to find.</summary>
    public List<FileChange> Record(IEnumerable<WorkspacePath> paths) => ChangeList.Build(Read(paths));

    private IEnumerable<FileChange> Read(IEnumerable<WorkspacePath> paths)
    {
        var wanted = new SortedSet<WorkspacePath>();
        foreach (var path in paths.Where(path => !path.IsRoot && !path.IsInsideGit && path.Bytes.Length <= WorkspacePath.MaxLengthBytes))
        {
            wanted.UnionWith(path.Ancestors());
            wanted.Add(path);
        }

        var seen = new HashSet<WorkspacePath>();
        foreach (var (path, before) in head.Find(wanted))
        {
            if (!seen.Add(path))
            {
                continue;
            }

            if (reader.Read(path, before) is not { } after)
            {
                continue;
            }

            yield return new FileChange(path, before, after);
            if (before is FileState.Directory && after is not FileState.Directory)
            {
                // What a directory held is gone with it.
                foreach (var (below, state) in head.Within(path).Where(entry => seen.Add(entry.Key)))
                {
                    yield return new FileChange(below, state, FileState.None);
                }
            }
        }
    }

    /// <summary>Everything that stands below a directory, ignored or not, git's entries excepted. For what a restore is about to remove.</summary>
    public IEnumerable<WorkspacePath> AllBelow(WorkspacePath directory)
    {
        var pending = new Stack<WorkspacePath>([directory]);
        while (pending.TryPop(out var next))
        {
            foreach (var entry in tree.TryList(next) ?? [])
            {
                if (WorkspacePath.IsGitName(entry.Name) || TemporaryName.IsTemporary(entry.Name) || !next.HasRoomFor(entry.Name))
                {
                    continue;
                }

                var path = next.Append(entry.Name);
                yield return path;
                if (entry.Stat.IsDirectory)
                {
                    pending.Push(path);
                }
            }
        }
    }
}
