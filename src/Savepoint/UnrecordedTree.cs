using Savepoint.Model;

namespace Savepoint;

/// <summary>What a working copy holds and no snapshot has, for a merge that is only looked at: it would be captured first, and is not.</summary>
/// <param name="copy">The working copy, kept open: contents are read from its files.</param>
/// <param name="contentsOf">The contents of these changes, before those of others.</param>
/// <param name="changes">What differs from its head.</param>
internal sealed class UnrecordedTree(IAsyncDisposable copy, Func<IContentSource, IReadOnlyCollection<FileChange>, IContentSource> contentsOf, IReadOnlyList<FileChange> changes) : IAsyncDisposable
{
    private readonly Dictionary<WorkspacePath, FileChange> _states = changes.SelectMany(change => change.PerPath()).ToDictionary(change => change.Path);

    private readonly Dictionary<WorkspacePath, WorkspacePath> _moves = changes.Where(change => change.OldPath is not null).ToDictionary(change => change.OldPath!.Value, change => change.Path);

    /// <summary>Whether there is anything.</summary>
    public bool IsEmpty => _states.Count == 0;

    /// <summary>What stands at a path, given what the head has there.</summary>
    public FileState StateAt(WorkspacePath path, Func<FileState> atHead) => _states.TryGetValue(path, out var change) ? change.After : atHead();

    /// <summary>Where what the head has at a path is now.</summary>
    public WorkspacePath PlaceOf(WorkspacePath path) => _moves.GetValueOrDefault(path, path);

    /// <summary>Changes up to the head, made changes up to the tree.</summary>
    public IReadOnlyList<FileChange> After(IReadOnlyList<FileChange> recorded)
    {
        var known = recorded.Select(change => change.Path).ToHashSet();
        return [.. recorded.Select(change => change with { After = StateAt(change.Path, () => change.After) }).Concat(_states.Values.Where(change => !known.Contains(change.Path))).Where(change => change.Before != change.After)];
    }

    /// <summary>Its contents, and those of others.</summary>
    public IContentSource With(IContentSource others) => contentsOf(others, _states.Values);

    public ValueTask DisposeAsync() => copy.DisposeAsync();
}
