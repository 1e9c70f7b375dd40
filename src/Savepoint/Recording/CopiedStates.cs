using System.Collections.Concurrent;
using Savepoint.Model;
using Savepoint.Workspaces;
using Savepoint.Workspaces.Scanning;

namespace Savepoint.Recording;

/// <summary>
/// What is known of the files of a copy without reading them. An original that stands as its index saw it has the content that the index says, and so has its copy.
/// What goes in: the index of the original, each file that was copied. What comes out: an index of the copy. Thread-safe while it takes.
/// </summary>
/// <param name="original">What a scan of the original saw.</param>
internal sealed class CopiedStates(ScanIndex original)
{
    private readonly ConcurrentBag<(WorkspacePath Path, FileState State, EntryStat Stat)> _known = [];

    /// <summary>Takes an entry; nothing is known of one that is not as the index saw it.</summary>
    public void Add(WorkspacePath path, in EntryStat before, in EntryStat copy)
    {
        if (original.Find(path) is { } record && record.IsUnchanged(before) && copy.SizeBytes == before.SizeBytes)
        {
            _known.Add((path, record.ToState(), copy));
        }
    }

    /// <summary>What the copy holds, of no snapshot in particular.</summary>
    public ScanIndex ToIndex()
    {
        var states = new StateTree();
        foreach (var (path, state, stat) in _known)
        {
            states.Set(path, state, stat);
        }

        return ScanIndex.TryRead(ScanIndexWriter.Write(ScanIndex.Empty, states, HeadMark.None)) ?? ScanIndex.Empty;
    }
}
