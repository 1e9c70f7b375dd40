using Savepoint.Model;

namespace Savepoint.Policies;

/// <summary>
/// Says what fails and which snapshots may be to blame. What goes in: the failures, and the snapshots since the last good
/// state. What comes out: suspects, the likeliest first, and sentences an agent can act on. Pure.
/// </summary>
internal static class FailureAnalyzer
{
    private const int MaxSuspects = 10;
    private const int MaxPaths = 20;

    /// <summary>Parts of tests' and files' names that say that they are tests, and not of what.</summary>
    private static readonly string[] TestWords = ["tests", "test", "specs", "spec"];

    /// <param name="good">The last good state.</param>
    /// <param name="errors">The build's errors: the file as the compiler names it, null if it names none, and the error in a line.</param>
    /// <param name="tests">The tests that newly fail, by name.</param>
    /// <param name="since">The snapshots since the good state, in any order.</param>
    public static FailureAnalysis Analyze(SnapshotNumber good, IReadOnlyList<(string? File, string Text)> errors, IReadOnlyList<string> tests, IReadOnlyList<Snapshot> since)
    {
        var newestFirst = since.OrderByDescending(snapshot => snapshot.Number).ToList();
        var stems = tests.SelectMany(StemsOfTest).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var suspects = newestFirst.Select(snapshot => SuspectOf(snapshot, errors, stems)).OfType<(Suspect Suspect, int Weight)>()
            .OrderByDescending(candidate => candidate.Weight).Select(candidate => candidate.Suspect).Take(MaxSuspects).ToList();
        IReadOnlyList<string> failing = errors.Count > 0 ? [.. errors.Select(error => error.Text).Distinct()] : tests;
        return new FailureAnalysis(failing, suspects, FirstBad: null, Text(good, failing, suspects, newestFirst.Count));
    }

    private static (Suspect Suspect, int Weight)? SuspectOf(Snapshot snapshot, IReadOnlyList<(string? File, string Text)> errors, HashSet<string> stems)
    {
        var paths = snapshot.Changes.Where(change => change.After.ContentId is not null || change.Before.ContentId is not null).Select(change => change.Path.ToString()).ToList();
        var named = paths.Where(path => errors.Any(error => error.File is not null && IsSameFile(error.File, path))).ToList();
        if (named.Count > 0)
        {
            return (new Suspect(snapshot.Number, snapshot.Actor, Shown(named), $"it changed {Words.Some(named)}, where {(errors.Count == 1 ? "the error is" : "errors are")}"), 3);
        }

        var tested = paths.Where(path => stems.Contains(StemOf(path))).ToList();
        if (tested.Count > 0)
        {
            return (new Suspect(snapshot.Number, snapshot.Actor, Shown(tested), $"it changed {Words.Some(tested)}, which failing tests are named after"), 2);
        }

        return paths.Count == 0 ? null : (new Suspect(snapshot.Number, snapshot.Actor, Shown(paths), $"it changed {Words.Some(paths)} since the last good state"), 1);
    }

    private static List<string> Shown(List<string> paths) => paths.Count <= MaxPaths ? paths : paths.GetRange(0, MaxPaths);

    // A compiler names a file by its absolute path, or by one relative to where it ran.
    private static bool IsSameFile(string named, string path)
    {
        var slashed = named.Replace('\\', '/');
        return slashed == path || slashed.EndsWith("/" + path, StringComparison.Ordinal) || path.EndsWith("/" + slashed.TrimStart('.', '/'), StringComparison.Ordinal);
    }

    /// <summary><c>App.Tests.CalcTests.Adds</c> and <c>test/calc.test.js: adds</c> may be about <c>Calc</c>.</summary>
    private static IEnumerable<string> StemsOfTest(string test) =>
        test.Split([.. " .:/\\>#()[],'\"-"], StringSplitOptions.RemoveEmptyEntries).Select(WithoutTestWords).Where(stem => stem.Length > 2);

    private static string StemOf(string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return WithoutTestWords(dot > 0 ? name[..dot] : name);
    }

    private static string WithoutTestWords(string name)
    {
        foreach (var word in TestWords)
        {
            if (name.EndsWith(word, StringComparison.OrdinalIgnoreCase))
            {
                return name[..^word.Length].TrimEnd('_');
            }

            if (name.StartsWith(word + "_", StringComparison.OrdinalIgnoreCase))
            {
                return name[(word.Length + 1)..];
            }
        }

        return name;
    }

    private static string Text(SnapshotNumber good, IReadOnlyList<string> failing, List<Suspect> suspects, int count)
    {
        var fails = failing.Count == 0 ? "" : $"What fails: {Words.Some(failing)}. ";
        if (suspects.Count == 0)
        {
            return $"{fails}Nothing was recorded since snapshot {good} that changed a file: the cause may lie outside the workspace.";
        }

        var first = suspects[0];
        var by = string.Join(", ", new[] { first.Actor.Agent, first.Actor.Session is { } session ? $"session {session}" : null, first.Actor.Turn is { } turn ? $"turn {turn}" : null }.OfType<string>());
        var others = suspects.Count == 1 ? "" : $" Other suspects: {Words.Some(suspects.Skip(1).Select(suspect => suspect.Snapshot.ToString()).ToList())}.";
        return $"{fails}{Words.Count(count, "snapshot")} {(count == 1 ? "was" : "were")} recorded since {good}. The likeliest cause is snapshot {first.Snapshot}{(by.Length == 0 ? "" : $" ({by})")}: {first.Why}.{others} 'savepoint show {first.Snapshot}' shows what it changed.";
    }
}
