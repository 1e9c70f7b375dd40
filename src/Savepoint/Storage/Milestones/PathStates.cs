using Savepoint.Model;

namespace Savepoint.Storage.Milestones;

/// <summary>What a history block has said so far of what stands where: the writer and the reader of one know the same at each change.</summary>
internal sealed class PathStates
{
    /// <summary>The flag of a change that is a move.</summary>
    public const long IsMove = 1;

    /// <summary>The flag of a change whose state before this knows.</summary>
    public const long IsKnown = 2;

    private readonly Dictionary<WorkspacePath, ArchivedState> _states = [];

    /// <summary>The ordinal named last; 0 before the first.</summary>
    public long LastOrdinal { get; private set; }

    /// <summary>So many changes follow: room for many is made at once.</summary>
    public void Expect(int changes)
    {
        if (changes > _states.Count)
        {
            _states.EnsureCapacity(_states.Count + changes);
        }
    }

    public ArchivedState? Find(WorkspacePath path) => _states.TryGetValue(path, out var state) ? state : null;

    /// <summary>A state was named.</summary>
    public void Saw(ArchivedState state) => LastOrdinal = state.Ordinal ?? LastOrdinal;

    /// <summary>A change was named as a whole.</summary>
    public void Apply(WorkspacePath path, WorkspacePath? oldPath, ArchivedState after)
    {
        if (oldPath is { } old)
        {
            _states[old] = default;
        }

        _states[path] = after;
        Saw(after);
    }
}
