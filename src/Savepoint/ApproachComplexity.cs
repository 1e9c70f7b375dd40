using Savepoint.Model;
using Savepoint.Quality;

namespace Savepoint;

/// <summary>
/// How complex the code is that approaches differ in. What goes in: what each changed of one base. What comes out: for each, and for the base, the cyclomatic
/// complexity of the functions that any of them changed, added or took away, together; so all are measured by the same functions, whoever touched them.
/// </summary>
internal static class ApproachComplexity
{
    /// <summary>Measures.</summary>
    /// <param name="approaches">What each changed.</param>
    /// <param name="contents">Has their bytes.</param>
    /// <param name="cancellationToken">Ends it between two files.</param>
    /// <returns>The sums, in the order of the approaches, the base's last; null if none of them changed a function that can be measured.</returns>
    public static IReadOnlyList<double>? Measure(IReadOnlyList<IReadOnlyList<FileChange>> approaches, IContentSource contents, CancellationToken cancellationToken)
    {
        var changed = approaches.Select(changes => changes.SelectMany(change => change.PerPath()).Where(change => QualityAnalyzer.IsMeasured(change.Path)).ToDictionary(change => change.Path)).ToList();
        var before = changed.SelectMany(changes => changes.Values).DistinctBy(change => change.Path).ToDictionary(change => change.Path, change => change.Before);
        var (sums, isAny) = (new double[approaches.Count + 1], false);
        foreach (var (path, atBase) in before)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var versions = changed.Select(changes => Functions(path, changes.TryGetValue(path, out var change) ? change.After : atBase, contents)).Append(Functions(path, atBase, contents)).ToList();
            var alike = versions[0].Select(Identity).ToHashSet();
            versions.ForEach(version => alike.IntersectWith(version.Select(Identity)));
            for (var i = 0; i < versions.Count; i++)
            {
                var own = versions[i].Where(function => !alike.Contains(Identity(function))).ToList();
                sums[i] += own.Sum(function => function.Complexity);
                isAny |= own.Count > 0;
            }
        }

        return isAny ? sums : null;
    }

    private static (string Name, ulong Body) Identity(FunctionMetrics function) => (function.Name, function.BodyHash);

    private static IReadOnlyList<FunctionMetrics> Functions(WorkspacePath path, FileState state, IContentSource contents) =>
        state is FileState.Regular { SizeBytes: <= QualityAnalyzer.MaxLengthBytes } file ? QualityAnalyzer.Measure(path, contents.Read(file.Content)) : [];
}
