namespace Savepoint.Cli.Platform;

/// <summary>
/// Gives memory back in a process that stays: a scan of a large tree needs for a second what nobody needs for hours, and
/// the collector, waiting for more work that does not come, would keep it.
/// </summary>
internal sealed class MemoryTrim : IDisposable
{
    private const long WorthBytes = 32 << 20;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly Timer _timer;
    private long _allocatedBytes;

    public MemoryTrim() => _timer = new Timer(_ => Trim(), null, TimeSpan.FromSeconds(2), Pause);

    public void Dispose() => _timer.Dispose();

    private void Trim()
    {
        var allocatedBytes = GC.GetTotalAllocatedBytes();
        if (allocatedBytes - _allocatedBytes > WorthBytes)
        {
            _allocatedBytes = allocatedBytes;
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }
}
