using Savepoint.Model;
using Savepoint.Workspaces.Ignore;

namespace Savepoint.Workspaces.Scanning;

/// <summary>
/// States by path, as a tree, so that a scan takes with it into each directory what is said of that directory's entries:
/// what snapshots recorded since the index was written, and what a scan found out for the next index. Not thread-safe for
/// writing; reading is.
/// </summary>
internal sealed class StateTree
{
    private Dictionary<byte[], StateTree>? _children;

    /// <summary>What the head holds at this path; null where nothing is said of it.</summary>
    public FileState? State { get; private set; }

    /// <summary>The stat with which the entry was seen to be in that state; null if it has to be looked at again.</summary>
    public EntryStat? Seen { get; private set; }

    /// <summary>Whether nothing is said of any path below.</summary>
    public bool IsLeaf => _children is null;

    /// <summary>What is said of the entries of this directory, in no order.</summary>
    public IEnumerable<KeyValuePair<byte[], StateTree>> Children => _children ?? [];

    /// <summary>What is said of one entry; null if nothing.</summary>
    public StateTree? Find(ReadOnlySpan<byte> name) =>
        _children is not null && _children.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out var child) ? child : null;

    /// <summary>What is said of a path below; null if nothing.</summary>
    public StateTree? Find(WorkspacePath path)
    {
        StateTree? node = this;
        for (var rest = path.Bytes; node is not null && !rest.IsEmpty; rest = AfterSegment(rest))
        {
            node = node.Find(Segment(rest));
        }

        return node;
    }

    /// <summary>Says what stands at a path below.</summary>
    public void Set(WorkspacePath path, FileState state, EntryStat? seen = null)
    {
        var node = this;
        for (var rest = path.Bytes; !rest.IsEmpty; rest = AfterSegment(rest))
        {
            node = node.FindOrAdd(Segment(rest));
        }

        (node.State, node.Seen) = (state, seen);
    }

    private StateTree FindOrAdd(ReadOnlySpan<byte> name)
    {
        _children ??= new Dictionary<byte[], StateTree>(ByteKeyComparer.Instance);
        var lookup = _children.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (!lookup.TryGetValue(name, out var child))
        {
            lookup[name] = child = new StateTree();
        }

        return child;
    }

    private static ReadOnlySpan<byte> Segment(ReadOnlySpan<byte> path) => path.IndexOf((byte)'/') is var slash and >= 0 ? path[..slash] : path;

    private static ReadOnlySpan<byte> AfterSegment(ReadOnlySpan<byte> path) => path.IndexOf((byte)'/') is var slash and >= 0 ? path[(slash + 1)..] : default;
}
