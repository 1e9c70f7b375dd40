using System.Text.Json;

namespace Savepoint.Cli.Tests.Verbs;

public sealed class CheckTests : IDisposable
{
    private const string OnePassed = "printf 'TAP version 13\\nok 1 - a\\nok 2 - b\\n1..2\\n'";
    private const string OneFailed = "printf 'TAP version 13\\nok 1 - a\\nnot ok 2 - b\\n1..2\\n'; exit 1";
    private const string BothFailed = "printf 'TAP version 13\\nnot ok 1 - a\\nnot ok 2 - b\\n1..2\\n'; exit 1";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly CliWorkspace _workspace = new();

    public CheckTests()
    {
        _workspace.Write("a.txt", "0\n");
        _workspace.Run("init").Expect(0);
    }

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void What_passes_is_recorded_with_the_state_and_status_shows_it()
    {
        _workspace.Write("a.txt", "1\n");

        var result = Check(0, "--build", "true", "--test", OnePassed, "--bench", "echo parse 12.5 ms");

        Assert.Equal((2, 2, 2), (Number(result, "snapshot"), Number(result, "head"), Number(result, "drift")));
        Assert.Equal("passed", Text(result, "build"));
        Assert.Equal((2, 0, 0), Counts(result));
        Assert.Equal("{\"name\":\"parse\",\"value\":12.5,\"unit\":\"ms\"}", Assert.Single(result.GetProperty("bench").EnumerateArray()).GetRawText());
        var verified = _workspace.Json("status").GetProperty("lastVerified");
        Assert.Equal((2, "passed"), (Number(verified, "snapshot"), Text(verified, "build")));
        Assert.Contains("2 tests passed", _workspace.Run("status").Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void If_one_is_given_only_that_runs()
    {
        _workspace.Write("savepoint.json", """{"checks":{"build":"touch built","test":"touch tested"}}""");

        var result = Check(0, "--test", OnePassed);

        Assert.Equal(JsonValueKind.Null, result.GetProperty("build").ValueKind);
        Assert.False(File.Exists(_workspace.At("built")) || File.Exists(_workspace.At("tested")));
    }

    [Fact]
    public void Without_any_the_settings_run_and_for_what_they_leave_open_what_the_project_suggests()
    {
        _workspace.Write("Makefile", "all:\n\ttouch made\ntest:\n\ttouch tested-by-make\n");
        Check(0);
        Assert.True(File.Exists(_workspace.At("made")) && File.Exists(_workspace.At("tested-by-make")));

        _workspace.Write("savepoint.json", """{"checks":{"build":"touch built","test":"","timeLimit":"1m"}}""");
        var result = Check(0);

        Assert.Equal(["touch built"], result.GetProperty("commands").EnumerateArray().Select(command => Text(command, "command")));
        Assert.Contains("touch built", _workspace.Run("config").Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void With_nothing_to_run_it_says_what_to_set()
    {
        Assert.Contains("savepoint.json", _workspace.Run("check").Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("2 if no command is known", _workspace.Run("check", "--help").Expect(0).Output, StringComparison.Ordinal);
        _workspace.Run("check", "--build", " ").Expect(2);
        _workspace.Run("check", "--build", "true", "--timeout", "soon").Expect(2);
    }

    [Fact]
    public void A_build_that_fails_ends_the_check_and_names_the_place()
    {
        _workspace.Run("check", "--build", "true").Expect(0);
        _workspace.Write("a.txt", "1\n");
        const string Compiler = "echo 'src/a.c:3:5: error: nothing undeclared'; exit 1";

        var result = Check(1, "--build", Compiler, "--test", "touch tested");

        Assert.Equal("failed", Text(result, "build"));
        Assert.Equal(JsonValueKind.Null, result.GetProperty("tests").ValueKind);
        Assert.False(File.Exists(_workspace.At("tested")));
        var diagnostic = Assert.Single(result.GetProperty("commands")[0].GetProperty("diagnostics").EnumerateArray());
        Assert.Equal(("src/a.c", 3, "nothing undeclared"), (Text(diagnostic, "file"), Number(diagnostic, "line"), Text(diagnostic, "message")));
        Assert.Equal(1, Number(_workspace.Json("status").GetProperty("lastVerified"), "snapshot"));
        Assert.Contains("src/a.c:3:5: nothing undeclared", _workspace.Run("check", "--build", Compiler).Expect(1).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_build_that_ends_well_and_reports_an_error_failed_and_one_that_says_nothing_too()
    {
        var reports = Check(1, "--build", "echo 'a.cs(1,2): error CS0103: no such name [a.csproj]'");
        var silent = Check(1, "--build", "exit 3");

        Assert.Contains("though it ended with 0", Text(reports.GetProperty("commands")[0], "reason"), StringComparison.Ordinal);
        Assert.Contains("diagnostics not readable", Text(silent.GetProperty("commands")[0], "reason"), StringComparison.Ordinal);
        Assert.Equal(("failed", "failed"), (Text(reports, "build"), Text(silent, "build")));
    }

    [Theory]
    [InlineData("nonesuch-anywhere", "10m", "not found")]
    [InlineData("sleep 600", "300ms", "its time was up")]
    public void What_could_not_start_or_end_is_unknown(string command, string limit, string reason)
    {
        var build = Check(1, "--timeout", limit, "--build", command);
        var test = Check(1, "--timeout", limit, "--test", command);

        Assert.Equal("unknown", Text(build, "build"));
        Assert.Equal("unknown", Text(test.GetProperty("tests"), "outcome"));
        Assert.Contains(reason, Text(build.GetProperty("commands")[0], "reason"), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, _workspace.Json("status").GetProperty("lastVerified").ValueKind);
    }

    [Fact]
    public void Without_numbers_of_tests_the_exit_code_says_it()
    {
        var passed = Check(0, "--test", "echo fine").GetProperty("tests");
        var failed = Check(1, "--test", "echo bad; exit 1").GetProperty("tests");

        Assert.Equal(("passed", "failed"), (Text(passed, "outcome"), Text(failed, "outcome")));
        Assert.All((string[])["passed", "failed", "skipped", "failing"], name => Assert.Equal(JsonValueKind.Null, failed.GetProperty(name).ValueKind));
        Assert.Contains("| bad", _workspace.Run("check", "--test", "echo bad; exit 1").Expect(1).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Newly_failing_is_what_did_not_fail_at_the_last_state_whose_tests_were_read()
    {
        Assert.Empty(NewlyFailing(Check(1, "--test", OneFailed))); // nothing to compare with
        _workspace.Write("a.txt", "1\n");
        Assert.Equal(["a"], NewlyFailing(Check(1, "--test", BothFailed)));
        Assert.Equal(["a"], NewlyFailing(Check(1, "--test", BothFailed))); // of the same state it says the same

        _workspace.Write("a.txt", "2\n");
        Check(1, "--test", "exit 1"); // nothing was read
        _workspace.Write("a.txt", "3\n");
        var result = Check(1, "--test", BothFailed);

        Assert.Empty(NewlyFailing(result));
        Assert.Equal(2, Number(result.GetProperty("tests"), "baseline"));
    }

    [Fact]
    public void What_the_commands_write_is_a_snapshot_of_its_own_and_nobodys()
    {
        _workspace.Write(".gitignore", "out/\n");
        _workspace.Shell("savepoint capture -q --agent a --session s").Expect(0);
        _workspace.Write("a.txt", "1\n");

        var result = Check(0, "--build", "mkdir -p out; echo ignored > out/x; echo lock > made.lock");

        Assert.Equal((3, 4, 4), (Number(result, "snapshot"), Number(result, "head"), Number(result, "written")));
        var written = Log()[0];
        Assert.Equal(("check", JsonValueKind.Null), (Text(written, "tool"), written.GetProperty("agent").ValueKind));
        Assert.Equal(["made.lock"], written.GetProperty("changes").EnumerateArray().Select(change => Text(change, "path")));
        Assert.Equal(["a.txt"], Log()[1].GetProperty("changes").EnumerateArray().Select(change => Text(change, "path")));
    }

    [Fact]
    public void A_state_that_somebody_changes_meanwhile_is_neither_good_nor_bad()
    {
        var result = Check(1, "--build", "true", "--test", $"echo other > b.txt; savepoint capture -q b.txt; {OnePassed}");

        Assert.Equal("unknown", Text(result, "build"));
        Assert.Contains("changed while it was checked", Text(result.GetProperty("commands")[1], "reason"), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, _workspace.Json("status").GetProperty("lastVerified").ValueKind);
    }

    [Fact]
    public void Reports_that_the_command_writes_are_read_and_older_ones_are_not()
    {
        const string Old = """<testsuite><testcase classname="A" name="old"><failure/></testcase><testcase name="x"/><testcase name="y"/></testsuite>""";
        _workspace.Write("reports/TEST-old.xml", Old);
        _workspace.Write("new.xml", """<testsuites><testsuite><testcase classname="A" name="new"><failure message="m"/></testcase><testcase classname="A" name="fine"/></testsuite></testsuites>""");
        _workspace.Shell("touch -d '1 hour ago' reports/TEST-old.xml new.xml").Expect(0);

        var tests = Check(1, "--test", "mkdir -p target; cat new.xml > target/TEST-new.xml; exit 1").GetProperty("tests");

        Assert.Equal((1, 1), (Number(tests, "passed"), Number(tests, "failed")));
        Assert.Equal("A.new", Assert.Single(tests.GetProperty("failing").EnumerateArray()).GetString());
    }

    [Fact]
    public void Two_checks_at_once_run_one_after_the_other()
    {
        var script = "savepoint check --json --build 'test ! -e busy && touch busy && sleep 0.3 && rm busy' & first=$!; savepoint check --json --build 'test ! -e busy && touch busy && sleep 0.3 && rm busy' & wait $first && wait $!";

        Assert.Equal(2, _workspace.Shell(script).Expect(0).Output.Split("\"build\":\"passed\"").Length - 1);
    }

    [Fact]
    public void A_signal_ends_the_commands_and_what_they_wrote_is_the_checks()
    {
        using var check = Executable.Start(Executable.File, ["check", "--build", "echo half > half.txt; echo $$ > ../pid; (sleep 600 & echo $! >> ../pid); sleep 600"], _workspace.Root, _workspace.Environment);
        Await(() => File.Exists(_workspace.At("../pid")) && File.ReadAllLines(_workspace.At("../pid")).Length == 2);

        _workspace.Shell($"kill -TERM {check.Id}").Expect(0);

        Assert.True(check.WaitForExit(Patience));
        Assert.NotEqual(0, check.ExitCode);
        Await(() => _workspace.Shell("for p in $(cat ../pid); do grep -q '^State:.[^Z]' /proc/$p/status 2>/dev/null && echo left; done; true").Expect(0).Output.Length == 0);
        Assert.Equal(("check", 1), (Text(Log()[0], "tool"), Log()[0].GetProperty("changes").GetArrayLength()));
        Check(0, "--build", "true");
    }

    [Fact]
    public void A_check_that_is_killed_leaves_a_store_in_order_and_its_place_free()
    {
        using var check = Executable.Start(Executable.File, ["check", "--build", "echo half > half.txt; touch ../ready; exec sleep 5"], _workspace.Root, _workspace.Environment);
        Await(() => File.Exists(_workspace.At("../ready")));

        check.Kill();
        check.WaitForExit();

        _workspace.Run("verify").Expect(0);
        Assert.Equal(2, Number(Check(0, "--build", "true"), "snapshot"));
    }

    [Fact]
    public void Odd_output_is_harmless()
    {
        var result = _workspace.Run("check", "--test", "printf '\\033[31mred\\033[0m\\000\\377 caf\\351\\r50%%\\r100%%\\r\\n\\033]0;title\\007\\n'; exit 1").Expect(1);

        Assert.Contains("| red", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(result.Output, c => c != '\n' && char.IsControl(c));
    }

    [Fact]
    public void Verbose_shows_the_output_as_it_comes()
    {
        Assert.Contains("hello from make\n", _workspace.Run("check", "-v", "--build", "echo hello from make").Expect(0).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void At_the_end_of_a_turn_the_checks_of_a_trusted_file_run_by_themselves()
    {
        _workspace.Write("savepoint.json", """{"checks":{"test":"echo ran >> ../ran; sleep 0.2; echo finished >> ../ran","onTurnEnd":true}}""");
        _workspace.Write("Makefile", "all:\n\techo guessed >> ../ran\n");
        var stop = $$"""echo '{"hook_event_name":"Stop","session_id":"s","cwd":"{{_workspace.Root}}"}' | savepoint hook claude-code""";

        _workspace.Shell(stop).Expect(0);
        _workspace.Run("config", "trust").Expect(0);
        _workspace.Write("a.txt", "1\n");
        _workspace.Shell(stop).Expect(0);

        Await(() => _workspace.Json("status").GetProperty("lastVerified").ValueKind == JsonValueKind.Object);
        _workspace.Shell(stop).Expect(0); // nothing is new
        _workspace.Run("check", "--build", "true").Expect(0); // waits for any check that is under way
        Assert.Equal("ran\nfinished\n", _workspace.Read("../ran"));
    }

    private JsonElement Check(int exitCode, params string[] arguments)
    {
        var result = _workspace.Run(["check", "--json", .. arguments]).Expect(exitCode).Json;
        JsonSchema.Check("check", result);
        return result;
    }

    private List<JsonElement> Log() => _workspace.Run("log", "--json").Expect(0).JsonLines;

    private static (long, long, long) Counts(JsonElement result) => (Number(result.GetProperty("tests"), "passed"), Number(result.GetProperty("tests"), "failed"), Number(result.GetProperty("tests"), "skipped"));

    private static string[] NewlyFailing(JsonElement result) => [.. result.GetProperty("tests").GetProperty("newlyFailing").EnumerateArray().Select(name => name.GetString()!)];

    private static long Number(JsonElement element, string name) => element.GetProperty(name).GetInt64();

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static void Await(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, Patience));
}
