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

    /// <summary>The analysis once a bisection has found the first bad snapshot: it is the first suspect.</summary>
    /// <param name="analysis">What was known before.</param>
    /// <param name="culprit">The first bad snapshot.</param>
    /// <param name="good">The state before it, which is good.</param>
    /// <param name="isRolledBack">Whether the tree is a good state again.</param>
    public static FailureAnalysis Found(FailureAnalysis analysis, Snapshot culprit, SnapshotNumber good, bool isRolledBack)
    {
        var paths = ChangedFiles(culprit);
        var suspect = new Suspect(culprit.Number, culprit.Actor, Shown(paths), $"it is the first state at which this fails; it changed {Words.Some(paths)}");
        var redone = isRolledBack ? $"'savepoint undo' and then 'savepoint revert {culprit.Number}' give all the other work back without it" : $"'savepoint revert {culprit.Number}' takes back that one alone";
        return analysis with
        {
            FirstBad = culprit.Number,
            Suspects = [suspect, .. analysis.Suspects.Where(other => other.Snapshot != culprit.Number)],
            Text = $"{analysis.Text} Bisected: at snapshot {good} it does not fail yet; the first bad one is {culprit.Number}{By(culprit.Actor)}, which changed {Words.Some(paths)}. {redone}.",
        };
    }

    /// <summary>The analysis once a bisection has found that it is one of several.</summary>
    public static FailureAnalysis Narrowed(FailureAnalysis analysis, SnapshotNumber good, SnapshotNumber bad, IReadOnlyList<SnapshotNumber> untold) => analysis with
    {
        Text = $"{analysis.Text} Bisected: the first bad snapshot is {bad} or one of {string.Join(", ", untold)}, of which nobody can tell since they do not build or their results cannot be read. 'savepoint diff {good} {bad}' shows all that they changed.",
    };

    /// <summary>The analysis once a bisection has found that in a copy it is otherwise: the good state fails as well, or the bad one does not.</summary>
    public static FailureAnalysis Elsewhere(FailureAnalysis analysis, SnapshotNumber state, bool fails) => analysis with
    {
        Text = $"{analysis.Text} Bisected: in a copy of snapshot {state} this {(fails ? "fails as well" : "does not fail")}, so no snapshot is to blame: the cause is a file that is not recorded, the environment, or a failure that comes and goes.",
    };

    private static List<string> ChangedFiles(Snapshot snapshot) =>
        [.. snapshot.Changes.Where(change => change.After.ContentId is not null || change.Before.ContentId is not null).Select(change => change.Path.ToString())];

    private static (Suspect Suspect, int Weight)? SuspectOf(Snapshot snapshot, IReadOnlyList<(string? File, string Text)> errors, HashSet<string> stems)
    {
        var paths = ChangedFiles(snapshot);
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
        var others = suspects.Count == 1 ? "" : $" Other suspects: {Words.Some(suspects.Skip(1).Select(suspect => suspect.Snapshot.ToString()).ToList())}.";
        return $"{fails}{Words.Count(count, "snapshot")} {(count == 1 ? "was" : "were")} recorded since {good}. The likeliest cause is snapshot {first.Snapshot}{By(first.Actor)}: {first.Why}.{others} 'savepoint show {first.Snapshot}' shows what it changed.";
    }

    private static string By(Actor actor)
    {
        var by = string.Join(", ", new[] { actor.Agent, actor.Session is { } session ? $"session {session}" : null, actor.Turn is { } turn ? $"turn {turn}" : null }.OfType<string>());
        return by.Length == 0 ? "" : $" ({by})";
    }
}
