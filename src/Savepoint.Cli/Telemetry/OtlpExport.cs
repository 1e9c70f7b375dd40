using System.Diagnostics;
using System.Diagnostics.Metrics;
using Savepoint.Cli.Output;

namespace Savepoint.Cli.Telemetry;

/// <summary>
/// Sends this process's metrics and spans to an OpenTelemetry collector: what goes in is what the library's meter and
/// activity source report, what comes out are OTLP messages over HTTP. At most <see cref="Patience"/> at the end of a
/// process, and a failure is nobody's business: the verb has done its work.
/// </summary>
internal sealed class OtlpExport : IDisposable
{
    /// <summary>How long the end of a process may wait for the collector, in all.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    private const string Scope = "Savepoint";
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly MetricSums _metrics = new(TimeProvider.System.GetUtcNow());
    private readonly SpanBuffer _spans = new();
    private readonly OtlpSender _sender;
    private readonly Terminal _terminal;
    private readonly MeterListener _meters = new();
    private readonly ActivityListener _activities;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _sending;

    private OtlpExport(Uri collector, Terminal terminal)
    {
        (_sender, _terminal) = (new OtlpSender(collector), terminal);
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == Scope)
            {
                listener.EnableMeasurementEvents(instrument, _metrics.Of(instrument));
            }
        };
        _meters.SetMeasurementEventCallback<double>((_, value, tags, sums) => ((MetricSums.Series)sums!).Record(value, tags));
        _meters.SetMeasurementEventCallback<long>((_, value, tags, sums) => ((MetricSums.Series)sums!).Record(value, tags));
        _meters.Start();
        _activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Scope,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _spans.Add,
        };
        ActivitySource.AddActivityListener(_activities);
        _sending = SendNowAndThenAsync();
    }

    /// <summary>Begins, if the environment names a collector; null otherwise.</summary>
    public static OtlpExport? Start(Terminal terminal)
    {
        if (!OtlpEndpoint.IsSet)
        {
            return null;
        }

        if (OtlpEndpoint.Address is { } collector)
        {
            return new OtlpExport(collector, terminal);
        }

        Complain(terminal, $"{OtlpEndpoint.Variable} is '{OtlpEndpoint.Text}': only an http:// address can be exported to, such as http://localhost:4318");
        return null;
    }

    /// <summary>Sends what is left, within <see cref="Patience"/>.</summary>
    public async Task FinishAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _sending.ConfigureAwait(false);
        await SendAsync().ConfigureAwait(false);
    }

    public void Dispose()
    {
        _meters.Dispose();
        _activities.Dispose();
        _end.Dispose();
    }

    private static void Complain(Terminal terminal, string text)
    {
        if (terminal.IsVerbose)
        {
            terminal.Note(text);
        }
    }

    private async Task SendNowAndThenAsync()
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token).ConfigureAwait(false))
            {
                await SendAsync().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The end: FinishAsync sends what is left.
        }
    }

    private async Task SendAsync()
    {
        var sent = new List<Task>();
        if (_spans.Take() is { Count: > 0 } spans)
        {
            sent.Add(_sender.PostAsync("v1/traces", OtlpJson.Of(spans), Patience));
        }

        if (_metrics.Take(TimeProvider.System.GetUtcNow()) is { Count: > 0 } metrics)
        {
            sent.Add(_sender.PostAsync("v1/metrics", OtlpJson.Of(metrics), Patience));
        }

        try
        {
            // Waited for apart: looking up a name does not stop when it is told to.
            await Task.WhenAll(sent).WaitAsync(Patience).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or OperationCanceledException or TimeoutException)
        {
            Complain(_terminal, $"nothing could be exported to {OtlpEndpoint.Text}: {e.Message}");
        }
    }
}
