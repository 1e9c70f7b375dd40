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
    private static readonly int[] Tuning = [11, 12];
    private static readonly int[] HoldOut = [90_001, 90_002];

    /// <param name="arguments"><c>--shell</c>: the project of shell scripts; <c>--tuning</c>: the tuning seeds; <c>--quick</c>: 10 of each fault and 40 harmless changes.</param>
    /// <returns>0 if the goals are met, else 1.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var (faults, harmless) = arguments.Contains("--quick") ? (10, 40) : (100, 400);
        var seeds = arguments.Contains("--tuning") ? Tuning : HoldOut;
        var outcomes = new List<ReplayOutcome>();
        for (var i = 0; i < seeds.Length; i++)
        {
            // The seeds share the work: half of it each.
            var share = (Faults: faults / seeds.Length, Harmless: harmless / seeds.Length);
            outcomes.AddRange(await PlayAsync(seeds[i], arguments.Contains("--shell"), share.Faults, share.Harmless));
        }

        return Print(outcomes, arguments.Contains("--tuning") ? "tuning" : "hold-out") ? 0 : 1;
    }

    /// <summary>Plays one seed in a scratch folder.</summary>
    public static async Task<List<ReplayOutcome>> PlayAsync(int seed, bool isShell, int faults, int harmless)
    {
        var scratch = Directory.CreateTempSubdirectory("savepoint-replay-").FullName;
        try
        {
            ReplayDialect dialect = isShell ? new ShellDialect() : new CDialect(scratch);
            return await new ReplayRun(new ReplayGenerator(seed), dialect, scratch).RunAsync(faults, harmless).ToListAsync();
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    private static bool Print(List<ReplayOutcome> outcomes, string seeds)
    {
        Console.WriteLine($"{seeds} seeds, {outcomes.Count} steps");
        Console.WriteLine($"{"step",-16} {"n",5} {"remarked",9} {"by its rule",12} {"rolled back",12} {"tree equal",11} {"edit named",11}");
        foreach (var kind in outcomes.GroupBy(outcome => outcome.Step.Kind).OrderBy(group => group.Key))
        {
            var named = kind.Where(outcome => outcome.NamesEdit is not null).ToList();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kind.Key,-16} {kind.Count(),5} {kind.Count(outcome => outcome.IsRemarked),9} {kind.Count(outcome => outcome.Decision.Rule == RuleOf(kind.Key)),12} {kind.Count(outcome => outcome.IsExact is not null),12} {kind.Count(outcome => outcome.IsExact == true),11} {(named.Count == 0 ? "–" : $"{named.Count(outcome => outcome.NamesEdit == true)}/{named.Count}"),11}"));
        }

        foreach (var wrong in outcomes.Where(IsWrong).Take(20))
        {
            Console.WriteLine($"  {wrong.Step.Kind}, {wrong.Step.Name}: {wrong.Decision.Rule} → {wrong.Decision.Action}: {wrong.Decision.Reason}");
        }

        var (found, total) = (outcomes.Count(outcome => outcome.Step.Kind != ReplayKind.Harmless && outcome.IsRemarked), outcomes.Count(outcome => outcome.Step.Kind != ReplayKind.Harmless));
        var (nuisances, harmless) = (outcomes.Count(outcome => outcome.Step.Kind == ReplayKind.Harmless && outcome.IsRemarked), outcomes.Count(outcome => outcome.Step.Kind == ReplayKind.Harmless));
        var inexact = outcomes.Count(outcome => outcome.IsExact == false);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"faults remarked {found}/{total} ({100.0 * found / total:0.0} %, goal 95), harmless remarked {nuisances}/{harmless} ({100.0 * nuisances / harmless:0.0} %, goal at most 1), rollbacks whose tree is not the good state {inexact} (goal 0)"));
        return found >= 0.95 * total && nuisances <= 0.01 * harmless && inexact == 0;
    }

    private static bool IsWrong(ReplayOutcome outcome) => (outcome.Step.Kind == ReplayKind.Harmless) == outcome.IsRemarked || outcome.IsExact == false;

    private static string RuleOf(ReplayKind kind) => kind switch
    {
        ReplayKind.CompileError => PolicyRule.CompileError,
        ReplayKind.FailingTests => PolicyRule.TestFailure,
        ReplayKind.Slowdown => PolicyRule.PerformanceDrop,
        ReplayKind.ComplexityJump => PolicyRule.QualityDegradation,
        _ => PolicyRule.None,
    };
}
