using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Savepoint.Cli.Tests.Telemetry;

/// <summary>What the command exports to an OpenTelemetry collector.</summary>
public sealed class OtlpTests : IDisposable
{
    private readonly CliWorkspace _workspace = new();

    public OtlpTests()
    {
        _workspace.Run("init").Expect(0);
        _workspace.Write("a", "1");
    }

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void A_capture_is_a_span_with_its_snapshot()
    {
        using var collector = new Collector();
        ExportTo(collector.Address);

        _workspace.Run("capture").Expect(0);

        var post = Assert.Single(collector.Posts, post => post.Path == "/v1/traces");
        Assert.Equal("application/json", post.ContentType);
        var resource = Assert.Single(post.Body.GetProperty("resourceSpans").EnumerateArray());
        Assert.Equal("savepoint", Attribute(resource.GetProperty("resource"), "service.name"));
        var scope = Assert.Single(resource.GetProperty("scopeSpans").EnumerateArray());
        Assert.Equal("Savepoint", scope.GetProperty("scope").GetProperty("name").GetString());
        var spans = scope.GetProperty("spans").EnumerateArray().ToDictionary(span => span.GetProperty("name").GetString()!);
        var capture = spans["savepoint.capture"];
        Assert.Equal("2", Attribute(capture, "savepoint.snapshot"));
        Assert.Matches("^[0-9a-f]{32}$", capture.GetProperty("traceId").GetString());
        Assert.InRange(Number(capture, "endTimeUnixNano") - Number(capture, "startTimeUnixNano"), 1, 60_000_000_000);
        Assert.Equal(capture.GetProperty("spanId").GetString(), spans["savepoint.scan"].GetProperty("parentSpanId").GetString());
        Assert.Equal(capture.GetProperty("traceId").GetString(), spans["savepoint.scan"].GetProperty("traceId").GetString());
    }

    [Fact]
    public void Durations_are_histograms_in_seconds_and_bytes_are_sums()
    {
        using var collector = new Collector();
        ExportTo(collector.Address + "/base/");

        _workspace.Run("capture").Expect(0);

        var post = Assert.Single(collector.Posts, post => post.Path == "/base/v1/metrics");
        var metrics = post.Body.GetProperty("resourceMetrics")[0].GetProperty("scopeMetrics")[0].GetProperty("metrics").EnumerateArray().ToDictionary(metric => metric.GetProperty("name").GetString()!);
        var duration = metrics["savepoint.capture.duration"];
        Assert.Equal("s", duration.GetProperty("unit").GetString());
        var point = Assert.Single(duration.GetProperty("histogram").GetProperty("dataPoints").EnumerateArray());
        Assert.Equal("done", Attribute(point, "savepoint.outcome"));
        Assert.Equal(1, Number(point, "count"));
        var bounds = point.GetProperty("explicitBounds").EnumerateArray().Select(bound => bound.GetDouble()).ToList();
        var counts = point.GetProperty("bucketCounts").EnumerateArray().Select(count => count.GetString()).ToList();
        Assert.Equal(bounds.Order(), bounds);
        Assert.Equal(bounds.Count + 1, counts.Count);
        Assert.Equal(bounds.TakeWhile(bound => bound < point.GetProperty("sum").GetDouble()).Count(), counts.IndexOf("1"));
        var encoded = metrics["savepoint.content.encoded"];
        Assert.Equal("By", encoded.GetProperty("unit").GetString());
        Assert.True(encoded.GetProperty("sum").GetProperty("isMonotonic").GetBoolean());
        Assert.Equal(1, Number(Assert.Single(encoded.GetProperty("sum").GetProperty("dataPoints").EnumerateArray()), "asInt"));
    }

    [Fact]
    public void A_failed_restore_says_so()
    {
        using var collector = new Collector();
        _workspace.Run("capture").Expect(0);
        _workspace.Shell("rm a; mkdir a; mkfifo a/pipe").Expect(0);
        ExportTo(collector.Address);

        _workspace.Run("rollback", "2").Expect(1);

        var spans = Assert.Single(collector.Posts, post => post.Path == "/v1/traces").Body.GetProperty("resourceSpans")[0].GetProperty("scopeSpans")[0].GetProperty("spans");
        Assert.Equal(2, Assert.Single(spans.EnumerateArray(), span => span.GetProperty("name").GetString() == "savepoint.restore").GetProperty("status").GetProperty("code").GetInt32());
    }

    [Fact]
    public void Headers_of_the_environment_are_sent_along_and_cannot_smuggle_others()
    {
        using var collector = new Collector();
        ExportTo(collector.Address);
        _workspace.Environment["OTEL_EXPORTER_OTLP_HEADERS"] = "x-token=se%20cret, x-evil=a%0d%0ax-token: other";

        _workspace.Run("capture").Expect(0);

        Assert.All(collector.Posts, post => Assert.Equal("se cret", post.Token));
        Assert.Equal(2, collector.Posts.Count);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("http://nowhere.invalid:4318")]
    [InlineData("https://127.0.0.1:4318")]
    [InlineData("no address")]
    public void Where_nothing_can_be_sent_the_verb_does_its_work_and_says_why_when_asked(string address)
    {
        ExportTo(address);

        Assert.Equal("", _workspace.Run("capture").Expect(0).Error);
        Assert.Contains(address, _workspace.Run("status", "--verbose").Expect(0).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_collector_that_refuses_or_never_answers_changes_nothing()
    {
        using (var refusing = new Collector(status: 503))
        {
            ExportTo(refusing.Address);
            Assert.Equal("", _workspace.Run("capture").Expect(0).Error);
            Assert.NotEmpty(refusing.Posts);
        }

        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        ExportTo($"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}");
        Assert.Equal("", _workspace.Run("status").Expect(0).Error);
    }

    private void ExportTo(string address) => _workspace.Environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = address;

    private static long Number(JsonElement of, string member) => long.Parse(of.GetProperty(member).GetString()!, CultureInfo.InvariantCulture);

    private static string? Attribute(JsonElement of, string key)
    {
        var value = Assert.Single(of.GetProperty("attributes").EnumerateArray(), attribute => attribute.GetProperty("key").GetString() == key).GetProperty("value");
        return Assert.Single(value.EnumerateObject()).Value.GetString();
    }
}
