using Savepoint.Checking;
using Savepoint.Model;
using Xunit;

namespace Savepoint.Tests.Checking;

/// <summary>Report files: found if they are of this run, and read whatever is in them.</summary>
public sealed class ReportFileTests : IDisposable
{
    private const string Case = """<testsuite><testcase classname="A" name="b"><failure/></testcase></testsuite>""";

    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Those_that_are_younger_than_the_start_are_found_wherever_they_are()
    {
        _workspace.Write("old/TEST-a.xml", Case);
        File.SetLastWriteTimeUtc(_workspace.At("old/TEST-a.xml"), ReportFiles.Now().AddSeconds(-1));
        _workspace.Write("rewritten.trx", "");
        File.SetLastWriteTimeUtc(_workspace.At("rewritten.trx"), ReportFiles.Now().AddHours(-1));

        var started = ReportFiles.Now();
        foreach (var file in (string[])["a/b/c/target/TEST-a.xml", "rewritten.trx", "x.sarif", "BenchmarkDotNet.Artifacts/results/B-report.json", "node_modules/p/report.xml", ".git/x.json", "a.txt"])
        {
            _workspace.Write(file, Case);
        }

        Assert.Equal(
            ["BenchmarkDotNet.Artifacts/results/B-report.json", "a/b/c/target/TEST-a.xml", "rewritten.trx", "x.sarif"],
            ReportFiles.Since(_workspace.Root, started).Select(file => Path.GetRelativePath(_workspace.Root, file)));
    }

    [Fact]
    public void A_link_is_not_followed()
    {
        var started = ReportFiles.Now();
        Directory.CreateSymbolicLink(_workspace.At("again"), _workspace.Root);
        File.CreateSymbolicLink(_workspace.At("link.xml"), "/etc/passwd");

        Assert.Empty(ReportFiles.Since(_workspace.Root, started));
    }

    [Fact]
    public void Several_of_one_form_are_one_report()
    {
        var tests = Assert.Single(Read(("a.xml", Case), ("b.xml", Case.Replace("b\"", "c\"", StringComparison.Ordinal))).Tests);

        Assert.Equal(new TestCounts(0, 2, 0), tests.Counts);
        Assert.Equal(["A.b", "A.c"], tests.FailingTests!);
    }

    [Theory]
    [InlineData("a.xml", "")]
    [InlineData("a.xml", "<testsuite>")]
    [InlineData("a.xml", "<testsuite><testcase name='x'>")]
    [InlineData("a.xml", "no XML at all")]
    [InlineData("a.xml", "<project><testcase name='x'/></project>")]
    [InlineData("a.xml", "<?xml version='1.0' encoding='nonesuch'?><testsuite><testcase name='x'/></testsuite>")]
    [InlineData("a.xml", "<!DOCTYPE t [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]><testsuite><testcase name='&b;'/></testsuite>")]
    [InlineData("a.xml", "<!DOCTYPE t [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><testsuite><testcase name='x'>&a;</testcase></testsuite>")]
    [InlineData("a.json", "{\"results\":[{\"command\":1}]}")]
    [InlineData("a.json", "{\"$schema\":\"sarif\",\"runs\":[{\"results\":[{}, 5, {\"locations\":[7]}]},")]
    [InlineData("a.json", "{\"HostEnvironmentInfo\":{},\"Benchmarks\":[{\"FullName\":\"x\",\"Statistics\":{\"Mean\":\"NaN\"}}]}")]
    [InlineData("a.sarif", "[]")]
    public void What_is_broken_hostile_or_of_another_kind_says_nothing(string name, string text)
    {
        var read = Read((name, text));

        Assert.Empty(read.Tests);
        Assert.True(read.Figures.IsEmpty);
        Assert.Equal(0, read.Diagnostics.ErrorCount);
    }

    [Fact]
    public void Names_are_one_line_of_sound_text()
    {
        var read = Read(("a.xml", "<testsuite><testcase name='a&#10;b&#xD800;&#27;[31m'><error/></testcase></testsuite>"));

        var name = Assert.Single(Assert.Single(read.Tests).FailingTests!);
        Assert.DoesNotContain(name, c => char.IsControl(c) || char.IsSurrogate(c));
    }

    [Fact]
    public void More_failures_than_can_be_named_are_counted()
    {
        var cases = string.Concat(Enumerable.Range(0, 12_000).Select(i => $"<testcase name='{i}'><failure/></testcase>"));

        var tests = Assert.Single(Read(("a.xml", $"<testsuite>{cases}</testsuite>")).Tests);

        Assert.Equal(12_000, tests.Counts.Failed);
        Assert.Null(tests.FailingTests);
    }

    [Fact]
    public void A_deep_document_is_no_danger()
    {
        var (open, close) = (string.Concat(Enumerable.Repeat("<a>", 200_000)), string.Concat(Enumerable.Repeat("</a>", 200_000)));

        Assert.Equal(new TestCounts(1, 0, 0), Assert.Single(Read(("a.xml", $"<testsuite><testcase name='x'>{open}{close}</testcase></testsuite>")).Tests).Counts);
        Assert.Empty(Read(("b.json", "{\"sarif\":" + new string('[', 100_000))).Tests);
    }

    private ReportReader Read(params (string Name, string Text)[] files)
    {
        var reader = new ReportReader();
        foreach (var (name, text) in files)
        {
            _workspace.Write(name, text);
            reader.Read(_workspace.At(name));
        }

        return reader;
    }
}
