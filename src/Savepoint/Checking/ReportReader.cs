using System.Text.Json;
using System.Xml;
using Savepoint.Checking.Reading;
using Savepoint.Model;

namespace Savepoint.Checking;

/// <summary>Reads files with results, whatever form they have. Several of one form, as of the modules of one project, are one report. Not thread-safe.</summary>
internal sealed class ReportReader
{
    private const long MaxFileBytes = 64 << 20;
    private const long MaxAllBytes = 512 << 20;

    private static readonly XmlReaderSettings XmlSettings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = MaxFileBytes,
        CheckCharacters = false, // output of tests is quoted as it came
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        IgnoreWhitespace = true,
    };

    private readonly Dictionary<string, TestReport> _tests = [];
    private readonly HashSet<string> _benchmarks = [];
    private long _bytes;

    /// <summary>The results of tests, a report for each form.</summary>
    public IReadOnlyCollection<TestReport> Tests => _tests.Values;

    public DiagnosticTally Diagnostics { get; } = new();

    public FigureTally Figures { get; } = new();

    /// <summary>Reads a file. What has another form, cannot be read, or is too large, is passed over.</summary>
    public void Read(string file)
    {
        try
        {
            var length = new FileInfo(file).Length;
            if (length is 0 or > MaxFileBytes || (_bytes += length) > MaxAllBytes)
            {
                return;
            }

            if (file.EndsWith(".json", StringComparison.OrdinalIgnoreCase) || file.EndsWith(".sarif", StringComparison.OrdinalIgnoreCase))
            {
                ReadJson(file);
            }
            else
            {
                ReadXml(file);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or XmlException or JsonException)
        {
            // Half written, or something else that is called the same.
        }
    }

    private void ReadXml(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var xml = XmlReader.Create(stream, XmlSettings);
        Add((xml.MoveToContent() == XmlNodeType.Element ? xml.LocalName : "") switch
        {
            "TestRun" => TrxReader.Read(xml),
            "testsuites" or "testsuite" => JUnitReader.Read(xml),
            _ => null,
        });
    }

    private void ReadJson(string file)
    {
        var head = ReportFiles.Head(file);
        var isBenchmark = head.Contains("\"HostEnvironmentInfo\"", StringComparison.Ordinal);
        if (!isBenchmark && !head.Contains("sarif", StringComparison.OrdinalIgnoreCase) && !(head.Contains("\"results\"", StringComparison.Ordinal) && head.Contains("\"command\"", StringComparison.Ordinal)))
        {
            return;
        }

        // BenchmarkDotNet may write one report in several forms: NAME-report-full.json, NAME-report-brief.json.
        if (isBenchmark && !_benchmarks.Add(file.LastIndexOf("-report", StringComparison.Ordinal) is > 0 and var end ? file[..end] : file))
        {
            return;
        }

        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var json = JsonDocument.Parse(stream);
        SarifReader.Read(json.RootElement, Diagnostics);
        BenchmarkReports.Read(json.RootElement, Figures);
    }

    private void Add(TestReport? report)
    {
        if (report is null)
        {
            return;
        }

        _tests[report.Source] = !_tests.TryGetValue(report.Source, out var former) ? report : new TestReport(
            report.Source,
            new TestCounts(former.Counts.Passed + report.Counts.Passed, former.Counts.Failed + report.Counts.Failed, former.Counts.Skipped + report.Counts.Skipped),
            former.FailingTests is null || report.FailingTests is null || former.FailingTests.Count + report.FailingTests.Count > TestTally.MaxNames
                ? null : [.. former.FailingTests.Union(report.FailingTests)]);
    }
}
