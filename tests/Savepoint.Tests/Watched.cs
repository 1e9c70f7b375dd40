using Savepoint.Model;
using Xunit;

namespace Savepoint.Tests;

/// <summary>A workspace with a watch under way, and what it has recorded.</summary>
internal sealed class Watched : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly SnapshotManager _manager;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Snapshot> _recorded = [];
    private Task _watch = Task.CompletedTask;

    private Watched(SnapshotManager manager) => _manager = manager;

    /// <summary>What was recorded so far, the oldest first.</summary>
    public IReadOnlyList<Snapshot> Recorded
    {
        get
        {
            lock (_recorded)
            {
                return [.. _recorded];
            }
        }
    }

    /// <summary>Starts to watch, from another opening of the workspace, and waits until the watch is in place.</summary>
    public static async Task<Watched> StartAsync(Workspace workspace, WatchOptions? options = null)
    {
        var watched = new Watched(await workspace.OpenAsync());
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        watched._watch = Task.Run(async () =>
        {
            await foreach (var snapshot in watched._manager.WatchAsync((options ?? new WatchOptions()) with { Status = new Told(ready.SetResult) }, watched._stop.Token))
            {
                lock (watched._recorded)
                {
                    watched._recorded.Add(snapshot);
                }
            }
        });
        await Task.WhenAny(ready.Task, watched._watch);
        return watched;
    }

    /// <summary>Waits until the watch has recorded a change of this path that ends with this state; its snapshot.</summary>
    public Snapshot Await(string path, Func<FileState, bool>? state = null)
    {
        Snapshot? found = null;
        Assert.True(
            SpinWait.SpinUntil(() => _watch.IsCompleted || (found = Recorded.LastOrDefault(snapshot => snapshot.Changes.Any(change => change.Path == WorkspacePath.Parse(path) && state?.Invoke(change.After) != false))) is not null, Patience),
            $"{path} was not recorded; recorded: {string.Join(" | ", Recorded.Select(snapshot => string.Join(", ", snapshot.Changes.Select(change => $"{change.Kind} {change.Path}"))))}");
        return found ?? throw _watch.Exception?.InnerException ?? new InvalidOperationException("The watch has ended.");
    }

    /// <summary>Ends the watch, its last look included.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _watch.WaitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _manager.DisposeAsync();
        _stop.Dispose();
    }

    private sealed class Told(Action told) : IProgress<WatcherStatus>
    {
        private int _isTold;

        public void Report(WatcherStatus value)
        {
            if (Interlocked.Exchange(ref _isTold, 1) == 0)
            {
                told();
            }
        }
    }
}
