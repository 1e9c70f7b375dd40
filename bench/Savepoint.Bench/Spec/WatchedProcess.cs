using System.Diagnostics;

namespace Savepoint.Bench.Spec;

/// <summary>A native <c>watch</c>, and its anonymous resident memory, looked at every few milliseconds; ended when disposed.</summary>
internal sealed class WatchedProcess : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    private readonly Process _process;
    private readonly Timer _timer;
    private readonly Lock _gate = new();
    private readonly Samples _starting = new();
    private readonly Samples _watching = new();
    private volatile bool _isWatching;

    public WatchedProcess(SpecTree tree)
    {
        var start = new ProcessStartInfo(Shell.Savepoint, ["watch"]) { WorkingDirectory = tree.Root, RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["HOME"] = tree.Home;
        start.Environment["SAVEPOINT_HOME"] = tree.StoreHome;
        _process = Process.Start(start)!;
        _timer = new Timer(_ => Look(), null, Interval, Interval);
        AwaitWatching();
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
    }

    /// <summary>The megabytes while it watched.</summary>
    public Samples Watching
    {
        get
        {
            lock (_gate)
            {
                return Samples.Of(_watching.Values);
            }
        }
    }

    /// <summary>The megabytes from its start on.</summary>
    public Samples All
    {
        get
        {
            lock (_gate)
            {
                return Samples.Of(_starting.Values.Concat(_watching.Values));
            }
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private void AwaitWatching()
    {
        _process.StandardError.ReadLine(); // its first words are that it watches
        _isWatching = true;
    }

    private void Look()
    {
        if (AnonymousMemory.OfMegabytes(_process.Id) is { } megabytes)
        {
            lock (_gate)
            {
                (_isWatching ? _watching : _starting).Add(megabytes);
            }
        }
    }
}
