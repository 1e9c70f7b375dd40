using System.Diagnostics.CodeAnalysis;
using Savepoint.Checking.Running;
using Savepoint.Diffs;
using Savepoint.Model;

namespace Savepoint;

/// <summary>Carries an approach out in its working copy, and records what it did as one snapshot: what comes later, as a build's output, is not its doing. (The seed's implementInBranch.)</summary>
internal static class ApproachWork
{
    private const int NotFound = 127;

    private static readonly PatchOptions WithoutBlobIds = PatchOptions.Default with { HasBlobIds = false, MaxExactBytes = PatchOptions.MaxTextBytes };

    /// <summary>What came of it. Its metrics have the changed lines.</summary>
    public static async Task<ApproachResult> CarryOutAsync(Trial trial, Approach approach, ExperimentOptions options, CancellationToken cancellationToken)
    {
        var context = options.Context with { Tool = options.Context.Tool ?? "try", Message = $"{approach.Name}{(approach.Command is { } line ? $": {line}" : "")}" };
        var pending = await trial.Manager.BeginCommandAsync(context, cancellationToken).ConfigureAwait(false);
        try
        {
            var (ending, output) = approach.Work is null
                ? await RunAsync(trial, approach, cancellationToken).ConfigureAwait(false)
                : await CallAsync(trial, approach, options.TimeLimit, cancellationToken).ConfigureAwait(false);
            var capture = await pending.CommitAllAsync(ending.ExitCode ?? NotFound, ending.Duration, cancellationToken).ConfigureAwait(false);
            return new ApproachResult(approach.Name, approach.Command)
            {
                Branch = trial.Branch.Name,
                Snapshot = capture.Snapshot!.Number,
                ExitCode = ending.ExitCode,
                IsTimedOut = ending.IsTimedOut,
                Duration = ending.Duration,
                Output = ending.StartProblem is { } problem ? $"{problem}\n{output}" : output,
                Unrecorded = Unrecorded(pending.CoverageBefore, capture.Coverage),
                Metrics = [ChangedLines(trial, capture.Snapshot)],
            };
        }
        catch
        {
            pending.Abandon();
            throw;
        }
    }

    private static async Task<(CommandEnding Ending, string Output)> RunAsync(Trial trial, Approach approach, CancellationToken cancellationToken)
    {
        var environment = new Dictionary<string, string?> { ["SAVEPOINT_APPROACH"] = approach.Name };
        var (ending, output) = await trial.RunAsync(approach.Command!, environment, cancellationToken).ConfigureAwait(false);
        return (ending, output.Kept);
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Code of the caller that fails is a failed approach, as a command is that does.")]
    private static async Task<(CommandEnding Ending, string Output)> CallAsync(Trial trial, Approach approach, TimeSpan timeLimit, CancellationToken cancellationToken)
    {
        var time = trial.Manager.Time;
        var started = time.GetTimestamp();
        using var late = new CancellationTokenSource(timeLimit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            await approach.Work!(new ApproachContext(approach.Name, trial.Manager.Root), linked.Token).ConfigureAwait(false);
            return (new CommandEnding(0, time.GetElapsedTime(started)), "");
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception failure)
        {
            return (new CommandEnding(1, time.GetElapsedTime(started)) { IsTimedOut = failure is OperationCanceledException && late.IsCancellationRequested }, $"{failure.GetType().Name}: {failure.Message}\n");
        }
    }

    /// <summary>What the approach wrote and no snapshot holds. What was left out before it already, the workspace has.</summary>
    private static List<WorkspacePath> Unrecorded(Coverage before, Coverage after)
    {
        var known = before.Skipped.Select(skipped => skipped.Path).ToHashSet();
        return [.. after.Skipped.Where(skipped => skipped.IsLost && !known.Contains(skipped.Path)).Select(skipped => skipped.Path)];
    }

    private static Measurement ChangedLines(Trial trial, Snapshot snapshot)
    {
        var stats = DiffStat.Of(Patch.Create(snapshot.Changes, trial.Manager.Contents, WithoutBlobIds));
        return new Measurement(Measurement.ChangedLines, "lines", MetricDirection.Minimize, [stats.Sum(stat => (double)stat.AddedLineCount + stat.DeletedLineCount)]);
    }
}
