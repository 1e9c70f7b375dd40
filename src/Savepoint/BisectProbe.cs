using Savepoint.Model;

namespace Savepoint;

/// <summary>Tells whether a state is good, in a working copy that stands at it: how that ended, and what was written.</summary>
internal delegate Task<(BisectedState Run, string Output)> BisectProbe(Trial trial, SnapshotNumber state, CancellationToken cancellationToken);

/// <summary>What a bisection can ask of a state.</summary>
internal static class BisectProbes
{
    private const int BadCode = 1;
    private const int LateCode = 124; // as timeout(1) has it

    /// <summary>Whether a command succeeds.</summary>
    public static BisectProbe Command(string command) => async (trial, state, cancellationToken) =>
    {
        var (ending, output) = await trial.RunAsync(command, new Dictionary<string, string?>(), cancellationToken).ConfigureAwait(false);
        return ending.StartProblem is { } problem
            ? throw new SavepointException(ErrorCode.Environment, $"The command could not be started: {problem}.", "Check that there is a shell, /bin/sh.")
            : (new BisectedState(state, ending.IsTimedOut ? LateCode : ending.ExitCode!.Value, ending.Duration) { IsTimedOut = ending.IsTimedOut }, output.Kept);
    };

    /// <summary>
    /// Whether what a check found fails: not whether the commands do, since tests that always failed make them fail everywhere, and
    /// a state that does not build for another reason cannot be told.
    /// </summary>
    /// <param name="check">The check, on a bad state.</param>
    /// <param name="tests">The tests that fail and are not to; null if the build is what fails.</param>
    public static BisectProbe Failure(CheckResult check, IReadOnlyList<string>? tests) => async (trial, state, cancellationToken) =>
    {
        var commands = check.Verification.Commands;
        var (isGood, duration, output) = ((bool?)true, TimeSpan.Zero, "");
        if (commands.Build is { } build)
        {
            var built = await trial.CheckAsync(CheckKind.Build, build, cancellationToken).ConfigureAwait(false);
            isGood = tests is null ? IsFree(built, check.Verification.Errors) : built.Outcome == CheckOutcome.Passed ? true : null;
            (duration, output) = (built.Duration, built.Output);
        }

        if (isGood == true && tests is not null && commands.Test is { } test)
        {
            var tested = await trial.CheckAsync(CheckKind.Test, test, cancellationToken).ConfigureAwait(false);
            isGood = IsFree(tested, check, tests);
            (duration, output) = (duration + tested.Duration, tested.Output);
        }

        return (new BisectedState(state, isGood switch { true => 0, null => BisectedState.SkipCode, _ => BadCode }, duration), output);
    };

    // Of a file only its name is compared: compilers name it by where it stands, and a copy stands elsewhere.
    private static bool? IsFree(CheckedCommand built, IReadOnlyList<Diagnostic> errors)
    {
        if (built.Outcome != CheckOutcome.Failed)
        {
            return built.Outcome == CheckOutcome.Passed ? true : null;
        }

        var found = built.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(Key).ToHashSet();
        return found.Count == 0 || errors.Count == 0 || errors.Any(error => found.Contains(Key(error))) ? false : null;
    }

    private static (string?, string?, string) Key(Diagnostic error) => (Path.GetFileName(error.File?.Replace('\\', '/')), error.Code, error.Message);

    private static bool? IsFree(CheckedCommand tested, CheckResult check, IReadOnlyList<string> tests)
    {
        if (tested.Outcome is not (CheckOutcome.Passed or CheckOutcome.Failed))
        {
            return null;
        }

        // Without names there is only their number, and without that the exit code.
        return check.Verification.FailingTests is null ? tested.Outcome == CheckOutcome.Passed || tested.Tests?.Failed <= (check.Baseline?.Tests?.Failed ?? 0)
            : tested.FailingTests is { } failing ? !failing.Intersect(tests, StringComparer.Ordinal).Any()
            : tested.Outcome == CheckOutcome.Passed ? true : null;
    }
}
