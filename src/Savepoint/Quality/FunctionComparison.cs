using Savepoint.Model;

namespace Savepoint.Quality;

/// <summary>
/// Finds for each function of changed files what it was: by its name in the same file, else by its body wherever that was,
/// so that neither renaming nor moving makes a function new. Not thread-safe.
/// </summary>
internal sealed class FunctionComparison
{
    private readonly List<(WorkspacePath Path, FunctionMetrics? Before, FunctionMetrics After)> _changed = [];
    private readonly Dictionary<ulong, FunctionMetrics> _gone = [];

    /// <summary>Takes a file's functions before and after.</summary>
    public void Add(WorkspacePath path, IReadOnlyList<FunctionMetrics> before, IReadOnlyList<FunctionMetrics> after)
    {
        var byName = before.ToDictionary(function => function.Name);
        foreach (var function in after)
        {
            byName.Remove(function.Name, out var was);
            if (was is null || was.BodyHash != function.BodyHash)
            {
                _changed.Add((path, was, function));
            }
        }

        foreach (var function in byName.Values)
        {
            _gone.TryAdd(function.BodyHash, function);
        }
    }

    /// <summary>The functions that are new or not what they were, in the order of their files.</summary>
    public IReadOnlyList<FunctionChange> Changes() =>
    [
        .. _changed.Where(change => change.Before is not null || !_gone.ContainsKey(change.After.BodyHash))
            .Select(change => new FunctionChange(change.Path, change.Before, change.After)),
    ];
}
