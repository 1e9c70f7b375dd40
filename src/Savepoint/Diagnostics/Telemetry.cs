using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Savepoint.Diagnostics;

/// <summary>
/// The meter and the activity source <c>Savepoint</c>. What goes in: operations that ended, bytes encoded and decoded,
/// look-ups in caches. What comes out: nothing, unless somebody listens. Names and units: docs/design/telemetry.md.
/// </summary>
/// <remarks>
/// Nothing is made before <see cref="TurnOn"/>: a command that lives for milliseconds, and that nobody listens to, pays a look
/// at a field.
/// </remarks>
internal static class Telemetry
{
    public const string Name = "Savepoint";

    private static Instruments? _instruments;

    /// <summary>Makes the meter and the source, once a process.</summary>
    public static void TurnOn()
    {
        if (_instruments is null)
        {
            var made = new Instruments();
            if (Interlocked.CompareExchange(ref _instruments, made, null) is not null)
            {
                made.Dispose(); // another thread was faster
            }
        }
    }

    /// <summary>Begins a span; null if nobody listens.</summary>
    public static Activity? StartSpan(Operation operation) =>
        _instruments is { Source: var source } && source.HasListeners() ? source.StartActivity($"savepoint.{OperationName.Of(operation)}") : null;

    public static void Ended(Operation operation, TimeSpan elapsed, bool isDone)
    {
        if (_instruments?.Durations[(int)operation] is { Enabled: true } duration)
        {
            duration.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("savepoint.outcome", isDone ? "done" : "failed"));
        }
    }

    public static void Encoded(long bytes) => Add(_instruments?.Encoded, bytes);

    public static void Decoded(long bytes) => Add(_instruments?.Decoded, bytes);

    public static void LookedUp(bool isHit)
    {
        if (_instruments?.LookUps is { Enabled: true } lookUps)
        {
            lookUps.Add(1, new KeyValuePair<string, object?>("savepoint.cache.result", isHit ? "hit" : "miss"));
        }
    }

    private static void Add(Counter<long>? counter, long bytes)
    {
        if (counter is { Enabled: true })
        {
            counter.Add(bytes);
        }
    }

    private sealed class Instruments : IDisposable
    {
        // In seconds: a capture's goal of 0.2 ms, the seed's targets of 5, 10, 50, 100, 200, 500 ms and 1 s, and steps between.
        private static readonly InstrumentAdvice<double> Bounds = new()
        {
            HistogramBucketBoundaries = [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5, 10, 60],
        };

        private readonly Meter _meter = new(Name);

        public Instruments()
        {
            Durations = Array.ConvertAll(Enum.GetValues<Operation>(), operation =>
                _meter.CreateHistogram($"savepoint.{OperationName.Of(operation)}.duration", "s", $"How long a {OperationName.Of(operation)} took.", tags: null, Bounds));
            Encoded = _meter.CreateCounter<long>("savepoint.content.encoded", "By", "Bytes of new contents before they were encoded.");
            Decoded = _meter.CreateCounter<long>("savepoint.content.decoded", "By", "Bytes of contents decoded from the store.");
            LookUps = _meter.CreateCounter<long>("savepoint.cache.lookups", "{lookup}", "Looks for a decoded content in memory.");
        }

        public ActivitySource Source { get; } = new(Name);

        public Histogram<double>[] Durations { get; }

        public Counter<long> Encoded { get; }

        public Counter<long> Decoded { get; }

        public Counter<long> LookUps { get; }

        public void Dispose()
        {
            _meter.Dispose();
            Source.Dispose();
        }
    }
}
