using Savepoint.Model;

namespace Savepoint.Recording;

/// <summary>Collects what a capture looked at and what it skipped. Thread-safe.</summary>
internal sealed class CoverageBuilder
{
    private readonly Lock _gate = new();
    private readonly Dictionary<WorkspacePath, SkipReason> _skipped = [];
    private long _scannedCount;

    public void Looked(long count = 1) => Interlocked.Add(ref _scannedCount, count);

    public void Skip(WorkspacePath path, SkipReason reason)
    {
        lock (_gate)
        {
            _skipped[path] = reason;
        }
    }

    public Coverage Build()
    {
        var skipped = _skipped.Select(pair => new SkippedEntry(pair.Key, pair.Value)).OrderBy(entry => entry.Path).ToList();
        var complete = !skipped.Exists(entry => entry.IsLost);
        return new Coverage(complete, Interlocked.Read(ref _scannedCount), skipped);
    }
}
