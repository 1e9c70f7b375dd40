using System.Globalization;
using System.Text;
using Savepoint.Checking;
using Savepoint.Checking.Reading;
using Savepoint.Checking.Running;

namespace Savepoint.Bench;

/// <summary>Reading the results of 10,000 tests, one in a hundred of which fails, each with a message and a stack as runners write them.</summary>
internal static class ReportsBench
{
    private const int Tests = 10_000;
    private const int Runs = 30;
    private const double GoalMilliseconds = 200;

    public static Task<IReadOnlyList<Row>> RunAsync()
    {
        using var tree = new ScratchTree(files: 0, fileBytes: 0);
        var (trx, junit) = (Path.Combine(tree.Root, "report.trx"), Path.Combine(tree.Root, "report.xml"));
        File.WriteAllText(trx, Trx());
        File.WriteAllText(junit, JUnit());
        IReadOnlyList<Row> rows =
        [
            Measure("reading a TRX of 10,000 tests", () => Read(trx)),
            Measure("reading a JUnit XML of 10,000 tests", () => Read(junit)),
            Measure("reading go test -json of 10,000 tests", () => Lines(Go())),
            Measure("reading TAP of 10,000 tests", () => Lines(Tap())),
        ];
        return Task.FromResult(rows);

        static TestReport Read(string file)
        {
            var reader = new ReportReader();
            reader.Read(file);
            return reader.Tests.Single();
        }
    }

    private static Row Measure(string name, Func<TestReport> read)
    {
        var samples = new Samples();
        for (var i = 0; i < Runs; i++)
        {
            samples.Measure(() =>
            {
                if (read() is not { Counts: { Passed: Tests * 98 / 100, Failed: Tests / 100, Skipped: Tests / 100 }, FailingTests.Count: Tests / 100 })
                {
                    throw new InvalidOperationException($"{name}: the counts are wrong.");
                }
            });
        }

        // The first is what a command that lives for one check pays; with the native executable there is nothing to compile in it.
        return new Row(name, samples.P50, GoalMilliseconds, "ms", string.Create(CultureInfo.InvariantCulture, $"p50; processor time {samples.Processor:0.0}, the first {samples.Values[0]:0.0} ms, p99 {samples.P99:0.0} ms; n = {samples.Count}"));
    }

    private static TestReport Lines(byte[] output)
    {
        var reader = new TestReader(new DiagnosticReader(new DiagnosticTally()));
        var text = new OutputText(reader.Read);
        text.Write(output);
        text.End();
        return reader.Reports.MaxBy(report => report.Total)!;
    }

    private static string Trx()
    {
        var text = new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<TestRun id=\"1\" xmlns=\"http://microsoft.com/schemas/VisualStudio/TeamTest/2010\">\n  <Results>\n");
        for (var i = 0; i < Tests; i++)
        {
            var outcome = IsFailed(i) ? "Failed" : IsSkipped(i) ? "NotExecuted" : "Passed";
            text.Append(CultureInfo.InvariantCulture, $"    <UnitTestResult executionId=\"{Guid.Empty}\" testId=\"{Guid.Empty}\" testName=\"{Name(i)}\" computerName=\"machine\" duration=\"00:00:00.0012345\" startTime=\"2026-11-26T06:00:00.0000000+00:00\" endTime=\"2026-11-26T06:00:00.0000000+00:00\" testType=\"13cdc9d9-ddb5-4fa4-a97d-d965ccfc6d4b\" outcome=\"{outcome}\" testListId=\"{Guid.Empty}\" relativeResultsDirectory=\"{Guid.Empty}\">\n");
            text.Append(IsFailed(i) ? $"      <Output><ErrorInfo><Message>{Message}</Message><StackTrace>{Stack}</StackTrace></ErrorInfo></Output>\n" : "").Append("    </UnitTestResult>\n");
        }

        text.Append("  </Results>\n  <TestDefinitions>\n");
        for (var i = 0; i < Tests; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"    <UnitTest name=\"{Name(i)}\" storage=\"/project/bin/debug/net10.0/tests.dll\" id=\"{Guid.Empty}\"><Execution id=\"{Guid.Empty}\" /><TestMethod codeBase=\"/project/bin/Debug/net10.0/Tests.dll\" adapterTypeName=\"executor://xunit/VsTestRunner2/netcoreapp\" className=\"Sample.Tests{i % 100}\" name=\"{Name(i)}\" /></UnitTest>\n");
        }

        return text.Append("  </TestDefinitions>\n</TestRun>\n").ToString();
    }

    private static string JUnit()
    {
        var text = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
        for (var i = 0; i < Tests; i++)
        {
            text.Append(i % 100 == 0 ? $"{(i == 0 ? "" : "  </testsuite>\n")}  <testsuite name=\"suite\">\n" : "");
            text.Append(CultureInfo.InvariantCulture, $"    <testcase classname=\"com.example.Tests{i % 100}\" name=\"{Name(i)}\" time=\"0.0012\">");
            text.Append(IsFailed(i) ? $"<failure message=\"{Message}\" type=\"AssertionError\">{Stack}</failure>" : IsSkipped(i) ? "<skipped message=\"later\" />" : "").Append("</testcase>\n");
        }

        return text.Append("  </testsuite>\n</testsuites>\n").ToString();
    }

    private static byte[] Go() => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, Tests).SelectMany(i => (string[])
    [
        Event(i, "run", ""),
        Event(i, "output", $",\"Output\":\"=== RUN   {Name(i)}\\n\""),
        Event(i, IsFailed(i) ? "fail" : IsSkipped(i) ? "skip" : "pass", ",\"Elapsed\":0"),
    ])));

    private static string Event(int i, string action, string rest) =>
        $"{{\"Time\":\"2026-11-26T06:00:00.000000000Z\",\"Action\":\"{action}\",\"Package\":\"example.com/sample\",\"Test\":\"{Name(i)}\"{rest}}}\n";

    private static byte[] Tap() => Encoding.UTF8.GetBytes("TAP version 13\n" + string.Concat(Enumerable.Range(0, Tests).Select(i =>
        IsFailed(i) ? $"not ok {i + 1} - {Name(i)}\n  ---\n  message: '{Message}'\n  stack: |\n    at one\n    at two\n  ...\n" : $"ok {i + 1} - {Name(i)}{(IsSkipped(i) ? " # SKIP later" : "")}\n")) + $"1..{Tests}\n");

    private static string Name(int i) => string.Create(CultureInfo.InvariantCulture, $"Sample_Tests{i % 100}_a_situation_and_its_result_{i}");

    private static bool IsFailed(int i) => i % 100 == 7;

    private static bool IsSkipped(int i) => i % 100 == 13;

    private const string Message = "Assert.Equal() Failure: Values differ, Expected: 4, Actual: 3";

    private const string Stack = "   at Sample.SampleTests.Fails() in /project/Tests/SampleTests.cs:line 12\n   at System.Reflection.MethodBaseInvoker.InvokeWithNoArgs(Object obj, BindingFlags invokeAttr)";
}
