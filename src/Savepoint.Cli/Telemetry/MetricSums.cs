using System.Diagnostics.Metrics;

namespace Savepoint.Cli.Telemetry;

/// <summary>What instruments measured since the process began, added up by instrument and tags. Thread-safe.</summary>
internal sealed class MetricSums(DateTimeOffset began)
{
    private readonly List<Series> _series = [];
    private readonly Lock _gate = new();

    /// <summary>Where an instrument's measurements go.</summary>
    public Series Of(Instrument instrument)
    {
        lock (_gate)
        {
            var series = new Series(instrument, _gate);
            _series.Add(series);
            return series;
        }
    }

    /// <summary>The sums so far, of what was measured at all.</summary>
    public List<MetricPoint> Take(DateTimeOffset now)
    {
        lock (_gate)
        {
            return [.. _series.SelectMany(series => series.Points(began, now))];
        }
    }

    /// <summary>One instrument.</summary>
    internal sealed class Series(Instrument instrument, Lock gate)
    {
        private readonly double[] _bounds = instrument is Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } ? [.. bounds] : [];
        private readonly Dictionary<string, (KeyValuePair<string, object?>[] Tags, long Count, double Sum, long[] Buckets)> _byTags = new(StringComparer.Ordinal);

        public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            lock (gate)
            {
                var own = tags.ToArray();
                var key = string.Join('\n', own.Select(tag => $"{tag.Key}={tag.Value}"));
                var sum = _byTags.TryGetValue(key, out var known) ? known : (own, 0, 0, new long[_bounds.Length + 1]);
                sum.Buckets[BucketOf(value)]++;
                _byTags[key] = (sum.Tags, sum.Count + 1, sum.Sum + value, sum.Buckets);
            }
        }

        public IEnumerable<MetricPoint> Points(DateTimeOffset began, DateTimeOffset now) => _byTags.Values.Select(sum =>
            new MetricPoint(instrument.Name, instrument.Unit ?? "", instrument.Description ?? "", sum.Tags, began, now, sum.Count, sum.Sum, _bounds.Length == 0 ? null : new Buckets(_bounds, [.. sum.Buckets])));

        // A bucket holds what is greater than the bound before it and not greater than its own.
        private int BucketOf(double value)
        {
            var at = Array.BinarySearch(_bounds, value);
            return at < 0 ? ~at : at;
        }
    }
}

/// <summary>The sum of one instrument's measurements with the same tags.</summary>
internal sealed record MetricPoint(
    string Name, string Unit, string Description, IReadOnlyList<KeyValuePair<string, object?>> Tags, DateTimeOffset Began, DateTimeOffset Now, long Count, double Sum, Buckets? Buckets);

/// <summary>How many measurements fell between which bounds.</summary>
internal sealed record Buckets(IReadOnlyList<double> Bounds, IReadOnlyList<long> Counts);
