using System.Globalization;
using Savepoint.Model;

namespace Savepoint.Experiments;

/// <summary>
/// Whether an approach's tests come to what is asked: the required share passes, and none fails that does not fail at the base. Old
/// failures are no news, so where the base has some, its share is enough. Pure.
/// </summary>
internal static class TestGate
{
    /// <summary>The approach with its gate decided.</summary>
    /// <param name="approach">As its test command left it.</param>
    /// <param name="baseline">The same of the base; null if nobody looked, since all tests passed.</param>
    /// <param name="minPassShare">The share of the tests run that must pass, 0 to 1, unless the base's is lower.</param>
    public static ApproachResult Decide(ApproachResult approach, ApproachResult? baseline, double minPassShare)
    {
        if (approach.Test != CheckOutcome.Failed || approach.Tests is not { Failed: > 0 } tests || baseline?.Tests is not { } before)
        {
            return approach;
        }

        // Without names, more failures than before are new ones.
        var newly = approach.FailingTests is { } now && (baseline.FailingTests ?? (before.Failed == 0 ? [] : null)) is { } known ? now.Except(known).ToList() : null;
        var newCount = newly?.Count ?? Math.Max(0, tests.Failed - before.Failed);
        var required = Math.Min(minPassShare, Share(before));
        if (newCount == 0 && Share(tests) >= required && tests.Passed + tests.Failed >= before.Passed + before.Failed)
        {
            return approach with { Test = CheckOutcome.Passed, TestReason = Text($"{tests.Failed} of {tests.Passed + tests.Failed} tests failed, as at the base"), NewlyFailing = [] };
        }

        var reason = newCount > 0 ? Text($"{newCount} newly failing: {Names(newly)}")
            : tests.Passed + tests.Failed < before.Passed + before.Failed ? Text($"only {tests.Passed + tests.Failed} of the base's {before.Passed + before.Failed} tests were run")
            : Text($"{Share(tests):P0} of the tests passed, {required:P0} are asked for");
        return approach with { TestReason = Text($"{tests.Failed} of {tests.Passed + tests.Failed} tests failed; {reason}"), NewlyFailing = newly ?? [] };
    }

    private static double Share(TestCounts tests) => tests.Passed + tests.Failed == 0 ? 1 : (double)tests.Passed / (tests.Passed + tests.Failed);

    private static string Names(List<string>? names) => names is null ? "their names could not be read"
        : string.Join(", ", names.Take(3)) + (names.Count > 3 ? Text($" and {names.Count - 3} more") : "");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
