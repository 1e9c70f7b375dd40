using System.Globalization;
using Savepoint.Model;

namespace Savepoint.Cli.Output;

/// <summary>How a check ended, in lines.</summary>
internal static class CheckText
{
    private const int MaxDiagnostics = 10;
    private const int MaxTests = 20;
    private const int MaxFigures = 30;
    private const int MaxOutputLines = 30;

    public static IEnumerable<string> Lines(CheckResult result, Paint paint)
    {
        foreach (var command in result.Commands)
        {
            yield return Line(command, paint);
            foreach (var line in Details(command, result))
            {
                yield return line;
            }
        }

        if (result.Of(CheckKind.Build) is { Outcome: not CheckOutcome.Passed })
        {
            yield return "What comes after the build was not run.";
        }
    }

    private static string Line(CheckedCommand command, Paint paint)
    {
        var counts = command.Tests is { } tests ? string.Create(CultureInfo.InvariantCulture, $", {tests.Passed} passed, {tests.Failed} failed, {tests.Skipped} skipped") : "";
        var warnings = command.WarningCount > 0 ? $", {Quantity.Of(command.WarningCount, "warning")}" : "";
        var reason = command.Reason is { } said && !(command.Outcome == CheckOutcome.Failed && command.Tests is { Failed: > 0 }) ? $": {SafeText.Of(said)}" : "";
        return $"{Name(command.Kind),-6} {Word(command)}{counts}{warnings}{reason}  {paint.Dim($"({SafeText.Of(command.Command)}, {Quantity.Duration(command.Duration)})")}";
    }

    private static string Word(CheckedCommand command) => command.Outcome switch
    {
        CheckOutcome.Passed => "passed",
        CheckOutcome.Failed => "FAILED",
        _ => "unknown",
    };

    private static string Name(CheckKind kind) => kind switch
    {
        CheckKind.Build => "Build",
        CheckKind.Test => "Tests",
        _ => "Bench",
    };

    private static IEnumerable<string> Details(CheckedCommand command, CheckResult result)
    {
        if (command.Outcome == CheckOutcome.Passed)
        {
            return command.Kind == CheckKind.Bench ? Figures(result.Verification.Figures) : [];
        }

        var errors = command.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
        return errors.Count > 0 ? Some(errors.Select(Place), errors.Count, command.ErrorCount, MaxDiagnostics)
            : command.FailingTests is { Count: > 0 } failing ? Tests(failing, result)
            : Output(command);
    }

    private static IEnumerable<string> Tests(IReadOnlyList<string> failing, CheckResult result)
    {
        var isNew = result.NewlyFailing.ToHashSet();
        var ordered = failing.OrderByDescending(isNew.Contains).ToList();
        return Some(ordered.Select(name => $"  {(isNew.Contains(name) ? "new  " : result.Baseline is null ? "" : "old  ")}{SafeText.Of(name)}"), ordered.Count, ordered.Count, MaxTests);
    }

    private static IEnumerable<string> Figures(IReadOnlyList<Figure> figures) => Some(
        figures.Select(figure => string.Create(CultureInfo.InvariantCulture, $"  {SafeText.Of(figure.Name)}  {figure.Value:0.####} {SafeText.Of(figure.Unit)}{(figure.Spread is { } spread ? $" ± {spread:0.##}" : "")}")),
        figures.Count, figures.Count, MaxFigures);

    /// <summary>The end of what it wrote, where nothing of it could be read.</summary>
    private static IEnumerable<string> Output(CheckedCommand command) =>
        command.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(MaxOutputLines).Select(line => $"  | {SafeText.Of(line)}");

    private static string Place(Diagnostic error)
    {
        var place = error.File is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{SafeText.Of(error.File)}{(error.Line is null ? "" : $":{error.Line}")}{(error.Column is null ? "" : $":{error.Column}")}: ");
        return $"  {place}{(error.Code is null ? "" : $"{SafeText.Of(error.Code)}: ")}{SafeText.Of(error.Message)}";
    }

    private static IEnumerable<string> Some(IEnumerable<string> lines, int count, long all, int most) =>
        lines.Take(most).Concat(all > Math.Min(most, count) ? [string.Create(CultureInfo.InvariantCulture, $"  and {all - Math.Min(most, count)} more")] : []);
}
