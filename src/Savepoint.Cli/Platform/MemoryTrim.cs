namespace Savepoint.Cli.Platform;

/// <summary>
/// Gives memory back in a process that stays, once it rests: a scan of a large tree, or a long look at a history, needs for
/// a second what nobody needs for hours, and the collector, waiting for more work that does not come, would keep it.
/// </summary>
internal sealed class MemoryTrim : IDisposable
{
    private const long WorthBytes = 4 << 20;
    private const long RestBytes = 256 << 10; // what looking whether there is something to do allocates, and more

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly Func<Task> _letGo;
    private readonly Timer _timer;
    private long _seenBytes;
    private long _leftBytes;

    /// <param name="letGo">Lets go of what is held for speed alone, and has the collector give back the pages.</param>
    public MemoryTrim(Func<Task> letGo)
    {
        _letGo = letGo;
        _timer = new Timer(_ => _ = LookAsync(), null, Pause, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();

    private async Task LookAsync()
    {
        try
        {
            var allocatedBytes = GC.GetTotalAllocatedBytes();
            if (allocatedBytes - _seenBytes < RestBytes && allocatedBytes - _leftBytes > WorthBytes)
            {
                await _letGo().ConfigureAwait(false);
                _leftBytes = allocatedBytes = GC.GetTotalAllocatedBytes();
            }

            _seenBytes = allocatedBytes;
            _timer.Change(Pause, Timeout.InfiniteTimeSpan);
        }
        catch (Exception e) when (e is ObjectDisposedException or Model.SavepointException)
        {
            // The process is ending; or the store cannot be read, which whoever asks for something is told.
        }
    }
}
