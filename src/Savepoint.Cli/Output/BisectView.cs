namespace Savepoint.Cli.Output;

/// <summary>Shows that a bisection goes on, and at which run it is; with <c>--verbose</c> each run that is over.</summary>
internal sealed class BisectView(Terminal terminal) : IProgress<BisectedState>, IDisposable
{
    private Progress? _progress = Progress.Start(terminal, "bisecting, run 1");
    private int _runs;

    public void Report(BisectedState value)
    {
        _runs++;
        _progress?.Dispose();
        if (terminal.IsVerbose)
        {
            terminal.Note($"snapshot {value.Snapshot}: {(value.IsTimedOut ? "its time was up" : $"exit code {value.ExitCode}")}");
        }

        _progress = Progress.Start(terminal, $"bisecting, run {_runs + 1}");
    }

    public void Dispose()
    {
        _progress?.Dispose();
        _progress = null;
    }
}
