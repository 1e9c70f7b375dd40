namespace Savepoint.Storage;

/// <summary>
/// Wakes whoever waits for a commit to a store, by any process: the system reports when its log is written to. A commit is
/// written before it counts, so one that is not there yet is looked for a few times more; and where the system reports
/// nothing (no watch left to have), it is looked for by the clock alone.
/// </summary>
internal sealed class CommitBell : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    /// <summary>How long to sleep where the system reports what happens: bounds the harm of a report that is lost.</summary>
    private static readonly TimeSpan IdlePause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan UnreportedPause = TimeSpan.FromMilliseconds(50);

    private readonly SemaphoreSlim _rung = new(0, 1);
    private readonly FileSystemWatcher? _watcher;

    public CommitBell(string storeDirectory)
    {
        try
        {
            _watcher = new FileSystemWatcher(storeDirectory, StoreFiles.Log) { NotifyFilter = NotifyFilters.LastWrite | NotifyFilters.Size | NotifyFilters.FileName };
            _watcher.Changed += (_, _) => Ring();
            _watcher.Created += (_, _) => Ring();
            _watcher.EnableRaisingEvents = true;
        }
        catch (IOException)
        {
            _watcher?.Dispose();
            _watcher = null;
        }
    }

    /// <summary>Waits until <paramref name="isChanged"/>, which is asked whenever something may have happened.</summary>
    public async Task WaitAsync(Func<bool> isChanged, CancellationToken cancellationToken)
    {
        for (var pause = LongestPause; !isChanged();)
        {
            // Awake, it looks at growing distances; then it sleeps until it is rung for.
            var isAwake = pause < LongestPause;
            if (await _rung.WaitAsync(isAwake ? pause : _watcher is null ? UnreportedPause : IdlePause, cancellationToken).ConfigureAwait(false))
            {
                pause = FirstPause;
            }
            else
            {
                pause *= isAwake ? 2 : 1;
            }
        }
    }

    public void Dispose() => _watcher?.Dispose();

    private void Ring()
    {
        try
        {
            _rung.Release();
        }
        catch (SemaphoreFullException)
        {
            // Rung already, and nobody has woken yet.
        }
    }
}
