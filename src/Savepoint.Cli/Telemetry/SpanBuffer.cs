using System.Diagnostics;

namespace Savepoint.Cli.Telemetry;

/// <summary>Spans that have ended and wait to be sent. Bounded: with no collector there, the oldest are dropped. Thread-safe.</summary>
internal sealed class SpanBuffer
{
    private const int MaxCount = 2000;

    private readonly Queue<Activity> _spans = [];
    private readonly Lock _gate = new();

    public void Add(Activity span)
    {
        lock (_gate)
        {
            _spans.Enqueue(span);
            if (_spans.Count > MaxCount)
            {
                _spans.Dequeue();
            }
        }
    }

    /// <summary>All that wait, which then wait no more.</summary>
    public List<Activity> Take()
    {
        lock (_gate)
        {
            var taken = _spans.ToList();
            _spans.Clear();
            return taken;
        }
    }
}
