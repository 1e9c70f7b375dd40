using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Savepoint.Cli.Telemetry;

/// <summary>
/// Messages of the OpenTelemetry protocol in its JSON form (opentelemetry-proto, "OTLP/HTTP, JSON Protobuf Encoding"): ids
/// are hexadecimal, 64-bit numbers are strings, enumerations are numbers.
/// </summary>
internal static class OtlpJson
{
    private const int Cumulative = 2;
    private const int Internal = 1; // a span's kind
    private const int Error = 2; // a span's status

    public static ReadOnlyMemory<byte> Of(IReadOnlyList<Activity> spans) => Message("resourceSpans", "scopeSpans", "spans", json =>
    {
        foreach (var span in spans)
        {
            WriteSpan(json, span);
        }
    });

    public static ReadOnlyMemory<byte> Of(IReadOnlyList<MetricPoint> points) => Message("resourceMetrics", "scopeMetrics", "metrics", json =>
    {
        foreach (var metric in points.GroupBy(point => point.Name))
        {
            WriteMetric(json, [.. metric]);
        }
    });

    private static ReadOnlyMemory<byte> Message(string resources, string scopes, string items, Action<Utf8JsonWriter> writeItems)
    {
        var message = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(message);
        json.WriteStartObject();
        json.WriteStartArray(resources);
        json.WriteStartObject();
        json.WriteStartObject("resource");
        WriteAttributes(json, [new("service.name", "savepoint"), new("service.version", typeof(OtlpJson).Assembly.GetName().Version!.ToString(3)), new("service.instance.id", InstanceId), new("process.pid", (long)Environment.ProcessId)]);
        json.WriteEndObject();
        json.WriteStartArray(scopes);
        json.WriteStartObject();
        json.WriteStartObject("scope");
        json.WriteString("name", "Savepoint");
        json.WriteEndObject();
        json.WriteStartArray(items);
        writeItems(json);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return message.WrittenMemory;
    }

    // Tells the processes of one machine apart, also once a process number is given again.
    private static string InstanceId { get; } = Guid.NewGuid().ToString();

    private static void WriteSpan(Utf8JsonWriter json, Activity span)
    {
        json.WriteStartObject();
        json.WriteString("traceId", span.TraceId.ToHexString());
        json.WriteString("spanId", span.SpanId.ToHexString());
        if (span.ParentSpanId != default)
        {
            json.WriteString("parentSpanId", span.ParentSpanId.ToHexString());
        }

        json.WriteString("name", span.OperationName);
        json.WriteNumber("kind", Internal);
        json.WriteString("startTimeUnixNano", Nanoseconds(span.StartTimeUtc));
        json.WriteString("endTimeUnixNano", Nanoseconds(span.StartTimeUtc + span.Duration));
        WriteAttributes(json, span.TagObjects);
        json.WriteStartObject("status");
        if (span.Status == ActivityStatusCode.Error)
        {
            json.WriteNumber("code", Error);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteMetric(Utf8JsonWriter json, IReadOnlyList<MetricPoint> points)
    {
        var isHistogram = points[0].Buckets is not null;
        json.WriteStartObject();
        json.WriteString("name", points[0].Name);
        json.WriteString("unit", points[0].Unit);
        json.WriteString("description", points[0].Description);
        json.WriteStartObject(isHistogram ? "histogram" : "sum");
        json.WriteNumber("aggregationTemporality", Cumulative);
        if (!isHistogram)
        {
            json.WriteBoolean("isMonotonic", true);
        }

        json.WriteStartArray("dataPoints");
        foreach (var point in points)
        {
            WritePoint(json, point);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WritePoint(Utf8JsonWriter json, MetricPoint point)
    {
        json.WriteStartObject();
        WriteAttributes(json, point.Tags);
        json.WriteString("startTimeUnixNano", Nanoseconds(point.Began.UtcDateTime));
        json.WriteString("timeUnixNano", Nanoseconds(point.Now.UtcDateTime));
        if (point.Buckets is { } buckets)
        {
            json.WriteString("count", Digits(point.Count));
            json.WriteNumber("sum", point.Sum);
            json.WriteStartArray("bucketCounts");
            foreach (var count in buckets.Counts)
            {
                json.WriteStringValue(Digits(count));
            }

            json.WriteEndArray();
            json.WriteStartArray("explicitBounds");
            foreach (var bound in buckets.Bounds)
            {
                json.WriteNumberValue(bound);
            }

            json.WriteEndArray();
        }
        else
        {
            json.WriteString("asInt", Digits((long)point.Sum));
        }

        json.WriteEndObject();
    }

    private static void WriteAttributes(Utf8JsonWriter json, IEnumerable<KeyValuePair<string, object?>> attributes)
    {
        json.WriteStartArray("attributes");
        foreach (var (key, value) in attributes.Where(attribute => attribute.Value is not null))
        {
            json.WriteStartObject();
            json.WriteString("key", key);
            json.WriteStartObject("value");
            if (value is long or int)
            {
                json.WriteString("intValue", Digits(Convert.ToInt64(value, CultureInfo.InvariantCulture)));
            }
            else
            {
                json.WriteString("stringValue", value!.ToString());
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Nanoseconds(DateTime utc) => Digits((utc - DateTime.UnixEpoch).Ticks * 100);

    private static string Digits(long number) => number.ToString(CultureInfo.InvariantCulture);
}
