using System.Diagnostics;

namespace Savepoint.Crash;

/// <summary>One process of the command, with the layer before it.</summary>
internal sealed class RunningCommand : IDisposable
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly FaultReport _report;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    public RunningCommand(ProcessStartInfo start, FaultReport report, string input)
    {
        _report = report;
        _process = Process.Start(start)!;
        _output = _process.StandardOutput.ReadToEndAsync();
        _error = _process.StandardError.ReadToEndAsync();
        try
        {
            _process.StandardInput.Write(input);
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it had read all.
        }
    }

    /// <summary>Whether it has come past opening the store, or has ended.</summary>
    public bool IsPastOpening => _report.IsStoreOpened || _process.HasExited;

    /// <summary>Whether it has been stopped by its fault, or has ended.</summary>
    public bool IsStopped => _process.HasExited || (_report.HasFired && StateOf(_process.Id) == 'T');

    public void Kill() => _process.Kill();

    /// <summary>Waits for its end.</summary>
    public Ended End()
    {
        if (!_process.WaitForExit(TimeLimit))
        {
            _process.Kill();
            throw new InvalidOperationException($"{_process.StartInfo.FileName} {string.Join(' ', _process.StartInfo.ArgumentList)} did not end in {TimeLimit}; it was at {_report.Where}");
        }

        _process.WaitForExit();
        return new Ended(
            _process.ExitCode, _output.GetAwaiter().GetResult(), _error.GetAwaiter().GetResult(),
            _report.Calls, _report.Changes, _report.ByEffect, _report.IsStoreOpened, _report.HasFired, _report.Where);
    }

    /// <summary>Waits until something is so.</summary>
    /// <param name="isSo">Whether it is.</param>
    /// <param name="isExact">Without sleeping: what comes next is to come in that moment. It takes a processor for itself.</param>
    public static void Until(Func<bool> isSo, bool isExact = false)
    {
        var spin = default(SpinWait);
        for (var waited = Stopwatch.StartNew(); !isSo();)
        {
            if (waited.Elapsed > TimeLimit)
            {
                throw new InvalidOperationException($"It was not so in {TimeLimit}.");
            }

            if (isExact)
            {
                Thread.Yield();
            }
            else
            {
                spin.SpinOnce(); // sleeps, after the first few
            }
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
        _report.Dispose();
    }

    private static char StateOf(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return stat[stat.LastIndexOf(')') + 2];
        }
        catch (IOException)
        {
            return 'X'; // it has ended
        }
    }
}
