namespace Savepoint.Diagnostics;

/// <summary>
/// Sums that wait to be added to the store's table <c>counters</c>: when a process ends, or from time to time in one that
/// stays, never within an operation. Thread-safe.
/// </summary>
internal sealed class PendingCounts
{
    private readonly Dictionary<string, long> _sums = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    public void Add(string name, long count)
    {
        lock (_gate)
        {
            _sums[name] = _sums.GetValueOrDefault(name) + count;
        }
    }

    /// <summary>All that waits, which then waits no more.</summary>
    public List<KeyValuePair<string, long>> Take()
    {
        lock (_gate)
        {
            var taken = _sums.Where(sum => sum.Value != 0).ToList();
            _sums.Clear();
            return taken;
        }
    }
}
