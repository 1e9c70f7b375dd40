using Savepoint.Model;

namespace Savepoint.Workspaces.Scanning;

/// <summary>Paths that no rule keeps out: those that git's index lists.</summary>
/// <param name="paths">Each once, in byte order.</param>
internal sealed class TrackedPaths(IReadOnlyList<WorkspacePath> paths)
{
    /// <summary>Whether the path is one of them, or a directory above one.</summary>
    public bool Hold(WorkspacePath path)
    {
        var at = FirstNotBefore(path.Bytes);
        if (at < paths.Count && paths[at] == path)
        {
            return true;
        }

        // What a directory holds does not follow at once: a.txt stands between a and a/b.
        at = FirstNotBefore([.. path.Bytes, (byte)'/']);
        return at < paths.Count && paths[at].IsWithin(path);
    }

    private int FirstNotBefore(ReadOnlySpan<byte> bytes)
    {
        var (low, high) = (0, paths.Count);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = paths[middle].Bytes.SequenceCompareTo(bytes) < 0 ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
