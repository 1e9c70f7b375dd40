using System.Globalization;
using Savepoint.Checking.Reading;
using Savepoint.Checking.Running;
using Savepoint.Model;

namespace Savepoint.Checking;

/// <summary>
/// What an ending and what could be read come to (docs/design/checks.md). Pure. A command that could not start, or whose time was up,
/// says nothing of the state: unknown, never a pass or a fail.
/// </summary>
internal static class CheckMeaning
{
    public static CheckedCommand Of(CheckKind kind, string command, CommandEnding ending, CommandReading output, ReportReader files)
    {
        var result = new CheckedCommand(kind, command, CheckOutcome.Unknown)
        {
            ExitCode = ending.ExitCode,
            IsTimedOut = ending.IsTimedOut,
            Duration = ending.Duration,
            Output = output.Kept,
        };
        if (ending.IsTimedOut)
        {
            return result with { Reason = string.Create(CultureInfo.InvariantCulture, $"its time was up after {ending.Duration.TotalSeconds:0.#} s") };
        }

        var errors = output.Diagnostics.ErrorCount + files.Diagnostics.ErrorCount;
        result = result with
        {
            ErrorCount = errors,
            WarningCount = output.Diagnostics.WarningCount + files.Diagnostics.WarningCount,
            Diagnostics = [.. output.Diagnostics.Kept.Concat(files.Diagnostics.Kept).OrderByDescending(diagnostic => diagnostic.Severity).Take(DiagnosticTally.MaxKept)],
        };
        return ending.IsNotStarted && errors == 0 ? result with { Reason = ending.StartProblem ?? $"what it is to run was not found, or cannot be run (exit code {ending.ExitCode})" } : kind switch
        {
            CheckKind.Build => OfBuild(result),
            CheckKind.Test => OfTest(result, Best(files.Tests.Concat(output.Tests))),
            _ => OfBench(result, output.Figures, files.Figures),
        };
    }

    private static CheckedCommand OfBuild(CheckedCommand build) => build with
    {
        Outcome = build.ExitCode == 0 && build.ErrorCount == 0 ? CheckOutcome.Passed : CheckOutcome.Failed,
        Reason = (build.ExitCode, build.ErrorCount) switch
        {
            (0, 0) => null,
            (0, _) => $"it reports {Errors(build)}, though it ended with 0",
            (_, 0) => $"it ended with {build.ExitCode}; diagnostics not readable",
            _ => Errors(build),
        },
    };

    private static CheckedCommand OfTest(CheckedCommand test, TestReport? report)
    {
        var hasFailed = test.ExitCode != 0 || report is { Counts.Failed: > 0 };
        return test with
        {
            Outcome = hasFailed ? CheckOutcome.Failed : CheckOutcome.Passed,
            Tests = report?.Counts,
            FailingTests = report is { Counts.Failed: 0 } ? [] : report?.FailingTests,
            Source = report?.Source,
            Reason = report switch
            {
                { Counts.Failed: > 0 and var failed } => string.Create(CultureInfo.InvariantCulture, $"{failed} of {report.Counts.Passed + failed} tests failed"),
                _ when test.ErrorCount > 0 && hasFailed => Errors(test),
                null => hasFailed ? $"it ended with {test.ExitCode}; the numbers of tests not readable" : "the numbers of tests not readable",
                _ => hasFailed ? $"it ended with {test.ExitCode}, though no test failed" : null,
            },
        };
    }

    private static CheckedCommand OfBench(CheckedCommand bench, FigureTally lines, FigureTally files)
    {
        if (bench.ExitCode != 0)
        {
            return bench with { Outcome = CheckOutcome.Failed, Reason = $"it ended with {bench.ExitCode}" };
        }

        // A report has more digits than the table that is printed of it.
        var figures = files.IsEmpty ? lines.Figures : files.Figures;
        return bench with { Outcome = CheckOutcome.Passed, Figures = figures, Reason = figures.Count == 0 ? "no figures could be read" : null };
    }

    /// <summary>The report that has most tests; of such, one that names what failed; of such, the first.</summary>
    private static TestReport? Best(IEnumerable<TestReport> reports) => reports.OrderByDescending(report => report.Total).ThenByDescending(report => report.FailingTests is not null).FirstOrDefault();

    private static string Errors(CheckedCommand command)
    {
        var first = command.Diagnostics[0];
        var place = first.File is null ? "" : first.Line is null ? $"{first.File}: " : string.Create(CultureInfo.InvariantCulture, $"{first.File}:{first.Line}: ");
        return string.Create(CultureInfo.InvariantCulture, $"{command.ErrorCount} {(command.ErrorCount == 1 ? "error" : "errors, the first")}: {place}{(first.Code is null ? "" : $"{first.Code}: ")}{first.Message}");
    }
}
