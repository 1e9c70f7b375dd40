using System.Globalization;
using Savepoint.Policies;

namespace Savepoint.Bench.Decisions;

/// <summary>
/// The replay's table: how many seeded faults the policies remark, how many harmless changes, and whether every automatic
/// rollback brings back the recorded good state. Seeds for tuning may be looked at while a threshold is chosen; the
/// hold-out seeds are for the number that is reported.
/// </summary>
internal static class DecisionsReplay
{
    private const string FirstVersion = "4.13.0";
    private const string LastVersion = "4.22.3";

    private static readonly int[] Tuning = [11, 12, 13, 14];

    /// <summary>Played in full only, for the table of bench/README.md: whoever has looked at what went wrong there takes new ones.</summary>
    private static readonly int[] HoldOut = [261_131, 261_132, 261_133, 261_134];

    /// <param name="arguments"><c>--express</c>: a real project; <c>--shell</c>: shell scripts, else C; <c>--tuning</c>: the tuning seeds; <c>--quick</c>: those, with 12 of each fault and 40 harmless changes; <c>--seeds A,B</c>.</param>
    /// <returns>0 if the goals are met, 1 if not, 2 if an argument means nothing.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var given = arguments.SkipWhile(argument => argument != "--seeds").Skip(1).FirstOrDefault();
        if (!Arguments.AreKnown(arguments.Where(argument => argument != given), ["--express", "--shell", "--tuning", "--quick", "--seeds"]))
        {
            return 2;
        }

        var (faults, harmless) = arguments.Contains("--quick") ? (12, 40) : (100, 400);
        var isTuning = arguments.Contains("--tuning") || arguments.Contains("--quick");
        var seeds = given is not null ? [.. given.Split(',').Select(seed => int.Parse(seed, CultureInfo.InvariantCulture))] : isTuning ? Tuning : HoldOut;

        // The seeds share the work, side by side.
        var outcomes = await Task.WhenAll(seeds.Select(seed => Task.Run(() =>
        {
            Func<string, IReplayProject> project = arguments.Contains("--express") ? scratch => Express(scratch, seed) : scratch => Generated(scratch, seed, arguments.Contains("--shell"));
            return PlayAsync(project, faults / seeds.Length, harmless / seeds.Length, (count, outcome) => Tell(seed, count, outcome));
        })));
        return Print([.. outcomes.SelectMany(outcome => outcome)], $"{(given is not null ? "given" : isTuning ? "tuning" : "hold-out")} seeds {string.Join(", ", seeds)}") ? 0 : 1;
    }

    /// <summary>The generated project of a seed.</summary>
    public static IReplayProject Generated(string scratch, int seed, bool isShell) => new GeneratedProject(new ReplayGenerator(seed), isShell ? new ShellDialect() : new CDialect(scratch));

    /// <summary>Plays steps in a scratch folder.</summary>
    /// <param name="project">Makes the project, given that folder.</param>
    /// <param name="faults">How many of each fault.</param>
    /// <param name="harmless">How many harmless steps.</param>
    /// <param name="played">Told of each outcome, with how many there are now.</param>
    public static async Task<List<ReplayOutcome>> PlayAsync(Func<string, IReplayProject> project, int faults, int harmless, Action<int, ReplayOutcome>? played = null)
    {
        var scratch = Directory.CreateTempSubdirectory("savepoint-replay-").FullName;
        try
        {
            var outcomes = new List<ReplayOutcome>();
            await foreach (var outcome in new ReplayRun(project(scratch), scratch).RunAsync(faults, harmless))
            {
                outcomes.Add(outcome);
                played?.Invoke(outcomes.Count, outcome);
            }

            return outcomes;
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    private static ExpressProject Express(string scratch, int seed)
    {
        var dependencies = Environment.GetEnvironmentVariable("SAVEPOINT_BENCH_MODULES") ?? throw new InvalidOperationException("Run bench/decisions: it installs what express needs and says where.");
        return new ExpressProject(ExpressProject.Versions(RealHistory.Unpack(scratch), FirstVersion, LastVersion), dependencies, seed);
    }

    /// <summary>What is played goes to standard error: an hour is long.</summary>
    private static void Tell(int seed, int count, ReplayOutcome outcome)
    {
        if (IsWrong(outcome) || count % 20 == 0)
        {
            Console.Error.WriteLine($"{TimeProvider.System.GetUtcNow():HH:mm:ss} seed {seed}, step {count}: {Describe(outcome)}");
        }
    }

    private static string Describe(ReplayOutcome outcome) => $"{outcome.Step.Kind}, {outcome.Step.Name}: {outcome.Decision.Rule} → {outcome.Decision.Action}: {outcome.Decision.Reason}";

    private static bool Print(List<ReplayOutcome> outcomes, string seeds)
    {
        Console.WriteLine($"{seeds}; {outcomes.Count} steps");
        Console.WriteLine($"{"step",-16} {"n",5} {"remarked",9} {"by its rule",12} {"rolled back",12} {"tree equal",11} {"edit named",11}");
        foreach (var kind in outcomes.GroupBy(outcome => outcome.Step.Kind).OrderBy(group => group.Key))
        {
            var named = kind.Where(outcome => outcome.NamesEdit is not null).ToList();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kind.Key,-16} {kind.Count(),5} {kind.Count(outcome => outcome.IsRemarked),9} {kind.Count(outcome => outcome.Decision.Rule == RuleOf(kind.Key)),12} {kind.Count(outcome => outcome.IsExact is not null),12} {kind.Count(outcome => outcome.IsExact == true),11} {(named.Count == 0 ? "–" : $"{named.Count(outcome => outcome.NamesEdit == true)}/{named.Count}"),11}"));
        }

        foreach (var wrong in outcomes.Where(IsWrong).Take(20))
        {
            Console.WriteLine($"  {Describe(wrong)}");
        }

        var (found, total) = Remarked(outcomes.Where(IsFault));
        var (nuisances, harmless) = Remarked(outcomes.Where(outcome => outcome.Step.Kind == ReplayKind.Harmless));
        var inexact = outcomes.Count(outcome => outcome.IsExact == false);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"faults remarked {found}/{total} ({100.0 * found / total:0.0} %, goal 95), harmless remarked {nuisances}/{harmless} ({100.0 * nuisances / harmless:0.0} %, goal at most 1), rollbacks whose tree is not the good state {inexact} (goal 0)"));
        return found >= 0.95 * total && nuisances <= 0.01 * harmless && inexact == 0;
    }

    private static (int Remarked, int All) Remarked(IEnumerable<ReplayOutcome> outcomes) => outcomes.Aggregate((0, 0), (sum, outcome) => (sum.Item1 + (outcome.IsRemarked ? 1 : 0), sum.Item2 + 1));

    private static bool IsFault(ReplayOutcome outcome) => outcome.Step.Kind is not (ReplayKind.Harmless or ReplayKind.Version);

    // Of a version nobody knows beforehand: it is told whenever it is remarked.
    private static bool IsWrong(ReplayOutcome outcome) => IsFault(outcome) != outcome.IsRemarked || outcome.IsExact == false;

    private static string RuleOf(ReplayKind kind) => kind switch
    {
        ReplayKind.CompileError => PolicyRule.CompileError,
        ReplayKind.FailingTests => PolicyRule.TestFailure,
        ReplayKind.Slowdown => PolicyRule.PerformanceDrop,
        ReplayKind.ComplexityJump => PolicyRule.QualityDegradation,
        _ => PolicyRule.None,
    };
}
