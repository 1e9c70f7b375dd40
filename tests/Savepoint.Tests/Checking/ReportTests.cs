using System.Globalization;
using System.Text;
using Savepoint.Checking;
using Savepoint.Checking.Running;
using Savepoint.Model;
using Xunit;

namespace Savepoint.Tests.Checking;

/// <summary>What the real tools wrote (tests/data/reports), read.</summary>
public sealed class ReportTests
{
    private static readonly string Folder = Path.Combine(TestData.Directory(), "reports");

    private static readonly Dictionary<string, int> ExitCodes = File.ReadAllLines(Path.Combine(Folder, "EXIT-CODES"))
        .Select(line => line.Split(' ')).ToDictionary(line => line[0], line => int.Parse(line[2], CultureInfo.InvariantCulture));

    /// <summary>Fixture, errors, warnings, and the first error as <c>file:line:column code message</c>.</summary>
    public static TheoryData<string, int, int, string> Builds => new()
    {
        { "gcc/errors.txt", 1, 3, "bad.c:5:12 - ‘nothing’ undeclared (first use in this function)" },
        { "gcc/colour.txt", 1, 3, "bad.c:5:12 - ‘nothing’ undeclared (first use in this function)" },
        { "gcc/fatal.txt", 1, 0, "fatal.c:1:10 - missing.h: No such file or directory" },
        { "gcc/link.txt", 1, 0, "link.c:-:- - undefined reference to `f'" },
        { "gcc/make.txt", 0, 0, "" },
        { "clang/errors.txt", 1, 1, "bad.c:5:12 - use of undeclared identifier 'nothing'" },
        { "clang/link.txt", 1, 0, "link.c:-:- - undefined reference to `f'" },
        { "cmake/errors.txt", 1, 0, "/project/cmake/main.c:1:25 - ‘missing’ undeclared (first use in this function)" },
        { "tsc/plain.txt", 3, 0, "src/a.ts:1:7 TS2322 Type 'string' is not assignable to type 'number'." },
        { "tsc/pretty.txt", 3, 0, "src/a.ts:1:7 TS2322 Type 'string' is not assignable to type 'number'." },
        { "tsc/no-inputs.txt", 1, 0, "-:-:- TS18003 No inputs were found in config file '/project/tsc/tsconfig.json'. Specified 'include' paths were '[\"src\"]' and 'exclude' paths were '[]'." },
        { "rust/errors.txt", 2, 0, "src/lib.rs:3:7 E0277 cannot add `&str` to `i32`" },
        { "rust/errors-json.txt", 2, 0, "src/lib.rs:3:7 E0277 cannot add `&str` to `i32`" },
        { "rust/rustc-json.txt", 2, 0, "src/lib.rs:3:7 E0277 cannot add `&str` to `i32`" },
        { "rust/warnings.txt", 0, 1, "" },
        { "rust/manifest.txt", 1, 0, "Cargo.toml:1:9 - unclosed table, expected `]`" },
        { "go/build.txt", 2, 0, "broken/broken.go:3:23 - cannot use \"text\" (untyped string constant) as int value in return statement" },
        { "go/syntax.txt", 1, 0, "broken/broken.go:3:9 - syntax error: unexpected {, expecting )" },
        { "go/import.txt", 1, 0, "broken/broken.go:3:8 - no required module provides package nowhere.example/missing; to add it:" },
        { "go/vet.txt", 1, 0, "broken/broken.go:5:12 - fmt.Printf format %d has arg \"text\" of wrong type string" },
        { "dotnet/errors.txt", 2, 1, "/project/dotnet/Tests/Broken.cs:5:23 CS0029 Cannot implicitly convert type 'string' to 'int'" },
        { "dotnet/errors-colour.txt", 2, 1, "/project/dotnet/Tests/Broken.cs:5:23 CS0029 Cannot implicitly convert type 'string' to 'int'" },
        { "dotnet/errors-german.txt", 2, 1, "/project/dotnet/Tests/Broken.cs:5:23 CS0029 Der Typ \"string\" kann nicht implizit in \"int\" konvertiert werden." },
        { "dotnet/warnings.txt", 0, 1, "" },
        { "dotnet/restore.txt", 2, 0, "/project/dotnet/Tests/Tests.csproj:-:- NU1102 Unable to find package xunit with version (>= 99.0.0)" },
        { "maven/errors.txt", 2, 0, "/project/maven/src/main/java/com/example/Calc.java:4:50 - incompatible types: java.lang.String cannot be converted to int" },
        { "javac/errors.txt", 2, 2, "A.java:2:- - incompatible types: String cannot be converted to int" },
    };

    /// <summary>Fixture, passed, failed, skipped, and the names of what failed.</summary>
    public static TheoryData<string, int, int, int, string> Tests => new()
    {
        { "go/test-json.txt", 2, 1, 1, "example.com/sample.TestTable/wrong" },
        { "rust/test.txt", 2, 1, 1, "tests::fails" },
        { "pytest/default.txt", 2, 3, 2, "test_sample.py::test_fails|test_sample.py::test_table[2]|test_sample.py::test_error" },
        { "pytest/quiet.txt", 2, 3, 2, "test_sample.py::test_fails|test_sample.py::test_table[2]|test_sample.py::test_error" },
        { "pytest/verbose-colour.txt", 2, 3, 2, "test_sample.py::test_fails|test_sample.py::test_table[2]|test_sample.py::test_error" },
        { "pytest/collection-error.txt", 0, 1, 0, "test_sample.py" },
        { "pytest/passed.txt", 1, 0, 0, "" },
        { "pytest/junit.xml", 2, 3, 2, "test_sample.test_fails|test_sample.test_table[2]|test_sample.test_error" },
        { "unittest/failed.txt", 1, 2, 1, "test_error (test_unit.A.test_error)|test_fails (test_unit.A.test_fails)" },
        { "unittest/passed.txt", 1, 0, 1, "" },
        { "node/spec.txt", 2, 2, 2, "fails|fails in it" },
        { "node/tap.txt", 2, 2, 2, "fails|fails in it" },
        { "node/junit.xml", 2, 2, 2, "test.fails|test.fails in it" },
        { "ctest/failed.txt", 1, 4, 2, "fails|has.a-name_of/its,own|hangs|is_missing" },
        { "ctest/junit.xml", 1, 3, 3, "fails|has.a-name_of/its,own|hangs" },
        { "dotnet/vstest.txt", 2, 2, 1, "Sample.SampleTests.Table(text: \"c [1]\")|Sample.SampleTests.Fails" },
        { "dotnet/vstest-normal.txt", 2, 2, 1, "Sample.SampleTests.Table(text: \"c [1]\")|Sample.SampleTests.Fails" },
        { "dotnet/vstest-german.txt", 2, 2, 1, "Sample.SampleTests.Table(text: \"c [1]\")|Sample.SampleTests.Fails" },
        { "dotnet/vstest-japanese.txt", 2, 2, 1, "Sample.SampleTests.Table(text: \"c [1]\")|Sample.SampleTests.Fails" },
        { "dotnet/vstest.trx", 2, 2, 1, "Sample.SampleTests.Table(text: \"c [1]\")|Sample.SampleTests.Fails" },
        { "dotnet/platform.txt", 2, 2, 1, "Sample.SampleTests.Table(text: \"c [1]\")|Sample.SampleTests.Fails" },
        { "dotnet/platform-plain.txt", 2, 2, 1, "Sample.SampleTests.Table(text: \"c [1]\")|Sample.SampleTests.Fails" },
        { "dotnet/platform-exe.txt", 2, 2, 1, "Sample.SampleTests.Fails|Sample.SampleTests.Table(text: \"c [1]\")" },
        { "dotnet/xunit.txt", 2, 2, 1, "Sample.SampleTests.Fails|Sample.SampleTests.Table(text: \"c [1]\")" },
        { "maven/test.txt", 1, 2, 1, "com.example.CalcTest.throwsOne|com.example.CalcTest.fails" },
        { "maven/TEST-com.example.CalcTest.xml", 1, 2, 1, "com.example.CalcTest.throwsOne|com.example.CalcTest.fails" },
        { "jest/failed.txt", 1, 2, 2, "fails|a suite › fails in it|jest/b.test.js" },
        { "jest/colour.txt", 1, 2, 2, "fails|a suite › fails in it|jest/b.test.js" },
        { "jest/passed.txt", 1, 0, 0, "" },
        { "jest/junit.xml", 2, 2, 1, "fails|a suite fails in it" },
        { "vitest/failed.txt", 1, 2, 2, "a.test.mjs > fails|a.test.mjs > a suite > fails in it" },
        { "vitest/tap.txt", 1, 2, 2, "fails|fails in it" },
        { "vitest/junit.xml", 1, 2, 2, "a.test.mjs.fails|a.test.mjs.a suite > fails in it" },
        { "mocha/failed.txt", 1, 2, 2, "a suite fails|a suite within fails as well" },
        { "mocha/tap.txt", 1, 2, 2, "a suite fails|a suite within fails as well" },
    };

    [Theory]
    [MemberData(nameof(Builds))]
    public void Diagnostics_of_compilers(string fixture, int errors, int warnings, string first)
    {
        var build = Read(CheckKind.Build, fixture);

        Assert.Equal((errors, warnings), (build.ErrorCount, build.WarningCount));
        Assert.Equal(first, string.Concat(build.Diagnostics.Where(one => one.Severity == DiagnosticSeverity.Error).Take(1).Select(Place)));
        Assert.Equal(ExitCodes[fixture] == 0 && errors == 0 ? CheckOutcome.Passed : CheckOutcome.Failed, build.Outcome);
    }

    [Theory]
    [MemberData(nameof(Tests))]
    public void Results_of_tests(string fixture, int passed, int failed, int skipped, string failing)
    {
        var test = Read(CheckKind.Test, fixture);

        Assert.Equal(new TestCounts(passed, failed, skipped), test.Tests);
        Assert.Equal(failing, string.Join('|', test.FailingTests!));
        Assert.Equal(failed > 0 ? CheckOutcome.Failed : CheckOutcome.Passed, test.Outcome);
    }

    [Fact]
    public void Without_the_passed_ones_go_is_not_counted_and_what_does_not_compile_is_named()
    {
        var test = Read(CheckKind.Test, "go/test-text.txt");

        Assert.Null(test.Tests);
        Assert.Equal(CheckOutcome.Failed, test.Outcome);
        Assert.Equal("2 errors, the first: broken/broken.go:3: cannot use \"text\" (untyped string constant) as int value in return statement", test.Reason);
    }

    [Fact]
    public void Sarif_says_what_the_compiler_prints()
    {
        var build = Read(CheckKind.Build, "dotnet/errors.sarif");

        Assert.Equal((2, 1), (build.ErrorCount, build.WarningCount));
        Assert.EndsWith("Tests/Broken.cs:5:23 CS0029 Cannot implicitly convert type 'string' to 'int'", Place(build.Diagnostics[0]), StringComparison.Ordinal);
        Assert.Equal(CheckOutcome.Failed, build.Outcome);
    }

    [Fact]
    public void Figures_of_go_are_medians_of_the_repetitions()
    {
        var bench = Read(CheckKind.Bench, "go/bench.txt");

        Assert.Equal(["BenchmarkAdd ns/op", "BenchmarkAdd B/op B/op", "BenchmarkAdd allocs/op allocs/op"], bench.Figures.Select(figure => $"{figure.Name} {figure.Unit}"));
        Assert.Equal(1.245, bench.Figures[0].Value);
        Assert.InRange(bench.Figures[0].Spread!.Value, 0.01, 0.1);
    }

    [Fact]
    public void Figures_of_BenchmarkDotNet_are_of_its_report_and_nothing_that_it_prints_is_one()
    {
        var bench = Read(CheckKind.Bench, "benchmarkdotnet/Text-report-full.json");

        // Each ran once: how far it would spread is not known.
        Assert.Equal(
            [new Figure("Text.Join(N: 1)", 1_128_123, "ns"), new("Text.Length(N: 1)", 170_474, "ns"), new("Text.Join(N: 10)", 1_164_788, "ns"), new("Text.Length(N: 10)", 166_509, "ns")],
            bench.Figures);
        Assert.Empty(Read(CheckKind.Bench, "benchmarkdotnet/text.txt").Figures);
    }

    [Theory]
    [InlineData("parse 12.5 ms", "parse", 12.5, "ms")]
    [InlineData("start-up: 3", "start-up", 3, "")]
    [InlineData("a.b/c[1]\t1e-3 s", "a.b/c[1]", 0.001, "s")]
    [InlineData("rate 1200 ops/s", "rate", 1200, "ops/s")]
    [InlineData("size 10KB", "size", 10, "KB")]
    public void A_plain_line_is_a_figure(string line, string name, double value, string unit) =>
        Assert.Equal([new Figure(name, value, unit)], Read(CheckKind.Bench, 0, Encoding.UTF8.GetBytes($"starting up\n{line}\ndone in 3 rounds of 5\n")).Figures);

    [Theory]
    [InlineData("error: the optional thing is not there, going on")]
    [InlineData("0 errors, 0 warnings")]
    [InlineData("main.go:12:3: a line that a program prints")]
    [InlineData("test result: fine; no error")]
    [InlineData("copying error.txt: warning.txt")]
    public void What_only_looks_like_an_error_does_not_fail_a_build(string line) =>
        Assert.Equal(CheckOutcome.Passed, Read(CheckKind.Build, 0, Encoding.UTF8.GetBytes(line)).Outcome);

    [Fact]
    public void An_error_without_a_place_is_one_if_the_command_failed() =>
        Assert.Equal("1 error: the thing is not there", Read(CheckKind.Build, 2, "error: the thing is not there\n"u8.ToArray()).Reason);

    [Fact]
    public void What_is_repeated_counts_once()
    {
        var text = string.Concat(Enumerable.Repeat("a.cs(1,2): error CS0103: no [a.csproj]\na.cs(1,3): warning CS0168: unused [a.csproj]\n", 3));

        var build = Read(CheckKind.Build, 1, Encoding.UTF8.GetBytes(text));

        Assert.Equal((1, 1), (build.ErrorCount, build.WarningCount));
    }

    [Fact]
    public void Any_bytes_at_all_are_read_without_a_fault()
    {
        var random = new Random(20261126);
        var bytes = new byte[300_000];
        var real = Directory.EnumerateFiles(Folder, "*.txt", SearchOption.AllDirectories).SelectMany(File.ReadAllBytes).ToArray();
        foreach (var kind in Enum.GetValues<CheckKind>())
        {
            random.NextBytes(bytes);
            for (var i = 0; i < bytes.Length; i += random.Next(1, 400))
            {
                // Stretches of real output, cut anywhere.
                var from = random.Next(real.Length - 300);
                real.AsSpan(from, Math.Min(random.Next(300), bytes.Length - i)).CopyTo(bytes.AsSpan(i));
            }

            Assert.Equal(CheckOutcome.Failed, Read(kind, 1, bytes).Outcome);
        }
    }

    private static string Place(Diagnostic diagnostic) => string.Create(CultureInfo.InvariantCulture,
        $"{diagnostic.File ?? "-"}:{diagnostic.Line?.ToString(CultureInfo.InvariantCulture) ?? "-"}:{diagnostic.Column?.ToString(CultureInfo.InvariantCulture) ?? "-"} {diagnostic.Code ?? "-"} {diagnostic.Message}");

    private static CheckedCommand Read(CheckKind kind, string fixture)
    {
        var file = Path.Combine(Folder, fixture);
        if (ExitCodes.TryGetValue(fixture, out var exitCode))
        {
            return Read(kind, exitCode, File.ReadAllBytes(file));
        }

        var files = new ReportReader();
        files.Read(file);
        return Meaning(kind, files.Tests.Any(report => report.Counts.Failed > 0) ? 1 : 0, new CommandReading(kind, null), files);
    }

    private static CheckedCommand Read(CheckKind kind, int exitCode, byte[] bytes)
    {
        var reading = new CommandReading(kind, null);
        reading.Write(isError: false, bytes);
        return Meaning(kind, exitCode, reading, new ReportReader());
    }

    private static CheckedCommand Meaning(CheckKind kind, int exitCode, CommandReading reading, ReportReader files)
    {
        reading.End();
        reading.Settle(exitCode != 0);
        return CheckMeaning.Of(kind, "the command", new CommandEnding(exitCode, TimeSpan.Zero), reading, files);
    }
}
