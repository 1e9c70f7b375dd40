using System.Diagnostics;

namespace Savepoint.Bench;

/// <summary>Durations of one operation, each measured by itself.</summary>
internal sealed class Samples
{
    private readonly List<double> _milliseconds = [];
    private TimeSpan _processor;

    public int Count => _milliseconds.Count;

    /// <summary>In the order in which they were measured.</summary>
    public IReadOnlyList<double> Values => _milliseconds;

    public double Sum => _milliseconds.Sum();

    public double P50 => Quantile(0.50);

    public double P99 => Quantile(0.99);

    /// <summary>The processor time of the whole process that one takes, in milliseconds, as a mean: on a machine that others use, a quantile is theirs.</summary>
    public double Processor => _processor.TotalMilliseconds / Count;

    public async Task MeasureAsync(Func<Task> operation)
    {
        var started = Stopwatch.GetTimestamp();
        await operation();
        _milliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    public void Measure(Action operation)
    {
        var processor = Environment.CpuUsage.TotalTime;
        var started = Stopwatch.GetTimestamp();
        operation();
        _milliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        _processor += Environment.CpuUsage.TotalTime - processor;
    }

    public void Add(double milliseconds) => _milliseconds.Add(milliseconds);

    public static Samples Of(IEnumerable<double> milliseconds)
    {
        var samples = new Samples();
        samples._milliseconds.AddRange(milliseconds);
        return samples;
    }

    // The nearest-rank quantile: a value that was measured.
    private double Quantile(double q)
    {
        var sorted = _milliseconds.Order().ToList();
        return sorted[Math.Clamp((int)Math.Ceiling(q * sorted.Count) - 1, 0, sorted.Count - 1)];
    }
}
