using System.Diagnostics;
using System.Text.Json;

namespace Savepoint.Cli.Tests.Verbs;

public sealed class RunTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly CliWorkspace _workspace = new();

    public RunTests()
    {
        _workspace.Write("kept.txt", "kept\n");
        _workspace.Run("init").Expect(0);
    }

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("true", 0)]
    [InlineData("exit 3", 3)]
    [InlineData("exit 125", 125)]
    [InlineData("kill -9 $$", 137)]
    [InlineData("kill -TERM $$", 143)]
    public void Whatever_way_the_command_ends_all_it_did_is_one_snapshot(string ending, int exitCode)
    {
        var result = _workspace.Run("run", "--json", "--", "sh", "-c", $"echo new > new.txt; rm kept.txt; {ending}").Expect(exitCode);

        JsonSchema.Check("run", result.Json);
        Assert.Equal(2, result.Json.GetProperty("snapshot").GetInt64());
        Assert.Equal(exitCode, result.Json.GetProperty("exitCode").GetInt32());
        Assert.Equal(["delete kept.txt", "add new.txt"], Changes(result.Json));
        var recorded = Log()[0];
        Assert.Equal(exitCode, recorded.GetProperty("exitCode").GetInt32());
        Assert.Equal(["delete kept.txt", "add new.txt"], Changes(recorded));
    }

    [Fact]
    public void What_was_unrecorded_before_is_a_snapshot_of_its_own()
    {
        _workspace.Write("by-hand.txt", "by hand\n");

        var result = _workspace.Run("run", "--json", "--", "touch", "by-command.txt").Expect(0).Json;

        Assert.Equal(2, result.GetProperty("drift").GetInt64());
        Assert.Equal(["add by-command.txt"], Changes(result));
        Assert.Equal(["add by-hand.txt"], Changes(Log()[1]));
    }

    [Fact]
    public void A_command_that_changes_nothing_is_recorded_with_who_ran_it()
    {
        _workspace.Run("run", "--agent", "a", "--session", "s", "--turn", "t", "--", "sh", "-c", "exit 0").Expect(0);

        var snapshot = Log()[0];
        Assert.Equal(("a", "s", "t", "run"), (Text(snapshot, "agent"), Text(snapshot, "session"), Text(snapshot, "turn"), Text(snapshot, "tool")));
        Assert.Equal("sh -c 'exit 0'", Text(snapshot, "message"));
        Assert.Equal(0, snapshot.GetProperty("exitCode").GetInt32());
        Assert.True(snapshot.GetProperty("durationMs").GetDouble() > 0);
        Assert.Empty(Changes(snapshot));
    }

    [Fact]
    public void An_undo_and_a_redo_pass_commands_that_changed_nothing()
    {
        _workspace.Run("run", "-q", "--", "true").Expect(0);
        Assert.Equal("nothing-to-do", Text(_workspace.Json("undo"), "ending"));
        foreach (var script in (string[])["echo 1 > made.txt", "true", "echo 2 > made.txt", "exit 0", "true"])
        {
            _workspace.Run("run", "-q", "--", "sh", "-c", script).Expect(0);
        }

        _workspace.Run("undo").Expect(0);
        Assert.Equal("1\n", _workspace.Read("made.txt"));
        _workspace.Run("undo").Expect(0);
        Assert.False(File.Exists(_workspace.At("made.txt")));
        _workspace.Run("redo").Expect(0);
        Assert.Equal("1\n", _workspace.Read("made.txt"));
        _workspace.Run("redo").Expect(0);
        Assert.Equal("2\n", _workspace.Read("made.txt"));
        Assert.Equal("nothing-to-do", Text(_workspace.Json("redo"), "ending"));
        _workspace.Run("undo", "2").Expect(0);
        Assert.False(File.Exists(_workspace.At("made.txt")));
    }

    [Theory]
    [InlineData("./nonesuch", 127)]
    [InlineData("nonesuch-anywhere", 127)]
    [InlineData("./kept.txt", 126)]
    [InlineData(".", 126)]
    public void A_command_that_cannot_be_run_leaves_no_snapshot(string command, int exitCode)
    {
        var result = _workspace.Run("run", "--", command).Expect(exitCode);

        Assert.Contains($"Cannot run {command}", result.Error, StringComparison.Ordinal);
        Assert.Single(Log());
        Assert.Equal(0, Spans());
    }

    [Fact]
    public void Our_own_failure_is_125()
    {
        using var elsewhere = new CliWorkspace();

        Assert.Contains("savepoint init", elsewhere.Run("run", "--", "true").Expect(125).Error, StringComparison.Ordinal);
        elsewhere.Run("run").Expect(2);
        elsewhere.Run("run", "--timeout", "soon", "--", "true").Expect(2);
    }

    [Fact]
    public void A_script_without_an_interpreter_line_is_run_by_the_shell()
    {
        _workspace.Shell("printf 'echo \"$0 $1\"\\n' > script; chmod +x script").Expect(0);

        Assert.Equal("./script an argument\n", _workspace.Run("run", "--", "./script", "an argument").Expect(0).Output);
    }

    [Fact]
    public void Arguments_and_streams_reach_the_command_byte_for_byte()
    {
        var result = _workspace.Shell("printf 'in\\377' | savepoint run -- sh -c 'printf \"%s|\" \"$@\"; cat' x \"$(printf 'caf\\351')\" '' 'a b' --json 2>/dev/null").Expect(0);

        Assert.Equal("caf\u00e9||a b|--json|in\u00ff", System.Text.Encoding.Latin1.GetString(result.Bytes));
    }

    [Fact]
    public void With_json_the_commands_output_goes_to_standard_error()
    {
        var result = _workspace.Run("run", "--json", "--", "echo", "from the command").Expect(0);

        Assert.Contains("from the command\n", result.Error, StringComparison.Ordinal);
        JsonSchema.Check("run", result.Json);
    }

    [Fact]
    public void A_reader_that_leaves_takes_nothing_from_the_exit_code()
    {
        Assert.Equal("6\n", _workspace.Shell("savepoint run --json -- sh -c 'exit 6' 2>/dev/null | true; echo ${PIPESTATUS[0]}").Expect(0).Output);
    }

    [Fact]
    public void A_failing_command_is_rolled_back_and_the_rollback_can_be_undone()
    {
        _workspace.Shell("mkdir -p dir/empty; echo x > dir/x; chmod 750 dir; ln -s x dir/link").Expect(0);
        var before = Manifest();

        var result = _workspace.Run("run", "--json", "--rollback-on-failure", "--", "sh", "-c", "rm -r dir; mkdir new; echo y > new/y; chmod 600 kept.txt; exit 9").Expect(4).Json;

        JsonSchema.Check("run", result);
        Assert.Equal(before, Manifest());
        Assert.Equal(9, result.GetProperty("exitCode").GetInt32());
        Assert.True(result.GetProperty("rolledBack").GetBoolean());
        Assert.Equal(result.GetProperty("commandSnapshot").GetInt64() + 1, result.GetProperty("snapshot").GetInt64());
        _workspace.Run("undo").Expect(0);
        Assert.Equal("y\n", _workspace.Read("new/y"));
        Assert.False(Directory.Exists(_workspace.At("dir")));
    }

    [Fact]
    public void A_command_that_succeeds_is_not_rolled_back()
    {
        var result = _workspace.Run("run", "--json", "--rollback-on-failure", "--", "touch", "new.txt").Expect(0).Json;

        Assert.False(result.GetProperty("rolledBack").GetBoolean());
        Assert.True(File.Exists(_workspace.At("new.txt")));
    }

    [Fact]
    public void A_rollback_leaves_what_others_recorded_meanwhile()
    {
        var script = "echo bad > kept.txt; echo theirs > theirs.txt; savepoint capture theirs.txt -q; exit 1";

        _workspace.Run("run", "--rollback-on-failure", "--", "sh", "-c", script).Expect(4);

        Assert.Equal("kept\n", _workspace.Read("kept.txt"));
        Assert.Equal("theirs\n", _workspace.Read("theirs.txt"));
    }

    [Fact]
    public void A_command_whose_time_is_up_ends_with_all_that_it_started()
    {
        var result = _workspace.Run("run", "--json", "--timeout", "300ms", "--", "sh", "-c", "echo half > half.txt; sleep 600; echo whole > half.txt").Expect(143);

        Assert.True(result.Json.GetProperty("timedOut").GetBoolean());
        Assert.Equal(["add half.txt"], Changes(result.Json));
    }

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("HUP", 129)]
    [InlineData("INT", 130)]
    [InlineData("USR1", 138)]
    public void A_signal_for_us_alone_is_passed_on_and_what_was_done_is_recorded(string signal, int exitCode)
    {
        using var run = Start("echo half > half.txt; exec sleep 600");
        Await(() => File.Exists(_workspace.At("half.txt")));

        _workspace.Shell($"kill -{signal} {run.Id}").Expect(0);

        Assert.True(run.WaitForExit(Patience));
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Equal(["add half.txt"], Changes(Log()[0]));
        Assert.Equal(exitCode, Log()[0].GetProperty("exitCode").GetInt32());
    }

    [Fact]
    public void A_command_that_lives_on_after_a_signal_is_waited_for()
    {
        using var run = Start("trap 'echo caught > caught.txt; exit 7' TERM; touch ready; while :; do sleep 0.01; done");
        Await(() => File.Exists(_workspace.At("ready")));

        _workspace.Shell($"kill -TERM {run.Id}; kill -TERM {run.Id}").Expect(0);

        Assert.True(run.WaitForExit(Patience));
        Assert.Equal(7, run.ExitCode);
        Assert.Equal(["add caught.txt", "add ready"], Changes(Log()[0]));
    }

    [Fact]
    public void The_keys_of_a_terminal_reach_the_command_once_and_it_is_one()
    {
        // script(1) makes a terminal, in whose foreground the command is; what it types there, Ctrl-C among it, goes to both of us.
        // "exec", since a shell that waits for us would have it, too: some of them die of it once we have ended.
        var command = "exec savepoint run -- sh -c 'tty -s <&0 && test -t 1 && test -t 2 && echo terminal > tty.txt; trap \"echo C >> keys.txt; exit 5\" INT; touch ready; while :; do sleep 0.01; done'";
        var result = _workspace.Shell($"(until test -e ready; do sleep 0.01; done; printf '\\003') | script -qec \"{command.Replace("\"", "\\\"", StringComparison.Ordinal)}\" /dev/null; echo \"exit $?\"");

        Assert.EndsWith("exit 5\n", result.Output, StringComparison.Ordinal);
        Assert.Equal("C\n", _workspace.Read("keys.txt"));
        Assert.Equal("terminal\n", _workspace.Read("tty.txt"));
        Assert.Equal(["add keys.txt", "add ready", "add tty.txt"], Changes(Log()[0]));
    }

    [Fact]
    public void What_a_parent_ignores_the_command_ignores_and_a_closed_pipe_ends_it()
    {
        var result = _workspace.Shell("""
            trap '' HUP INT
            savepoint run -q -- sh -c 'grep SigIgn /proc/self/status'
            savepoint run -q -- sh -c 'yes | head -n 1; exec yes' | head -n 1
            echo "${PIPESTATUS[0]}"
            """).Expect(0);

        var lines = result.Output.TrimEnd().Split('\n');
        Assert.Equal(0b11, Convert.ToInt64(lines[0].Split('\t')[1], 16) & 0b1_0000_0000_0011); // HUP, INT; not PIPE
        Assert.Equal(["y", "141"], lines[1..]);
    }

    [Fact]
    public void Two_runs_at_once_record_everything_once()
    {
        using var first = Start("touch first.ready; until test -e second.done; do sleep 0.01; done; echo first > first.txt");
        Await(() => File.Exists(_workspace.At("first.ready")));

        _workspace.Run("run", "--", "sh", "-c", "echo second > second.txt; touch second.done").Expect(0);

        Assert.True(first.WaitForExit(Patience));
        Assert.Equal(0, first.ExitCode);
        var recorded = Log().Where(snapshot => Text(snapshot, "kind") == "operation").SelectMany(Changes).Where(change => change.EndsWith("txt", StringComparison.Ordinal));
        Assert.Equal(["add first.txt", "add second.txt"], recorded.Order());
        Assert.Equal(0, Spans());
        Assert.True(_workspace.Json("status").GetProperty("clean").GetBoolean());
    }

    [Fact]
    public void What_is_left_running_in_the_background_belongs_to_the_next_capture()
    {
        _workspace.Shell("savepoint run -q -- sh -c '(until test -e go; do sleep 0.01; done; echo late > late.txt) > /dev/null 2>&1 & echo soon > soon.txt'").Expect(0);
        Assert.Equal(["add soon.txt"], Changes(Log()[0]));

        File.WriteAllText(_workspace.At("go"), "");
        Await(() => File.Exists(_workspace.At("late.txt")) && _workspace.Read("late.txt").Length > 0);

        Assert.Equal(["add go", "add late.txt"], Changes(_workspace.Json("capture")));
    }

    [Fact]
    public void A_killed_run_loses_nothing_and_its_span_ends_with_it()
    {
        using (var run = Start("echo half > half.txt; touch ready; exec sleep 600"))
        {
            Await(() => File.Exists(_workspace.At("ready")));
            var child = _workspace.Shell($"pgrep -P {run.Id}").Expect(0).Output.Trim();
            run.Kill();
            run.WaitForExit();
            _workspace.Shell($"kill -9 {child}").Expect(0);
        }

        Assert.Equal(1, Spans());
        _workspace.Run("run", "-q", "--", "true").Expect(0);
        Assert.Equal(0, Spans());
        Assert.Equal(["add half.txt", "add ready"], Changes(Log()[1]));
    }

    private Process Start(string script) => Executable.Start(Executable.File, ["run", "--", "sh", "-c", script], _workspace.Root, _workspace.Environment);

    private static void Await(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, Patience));

    private List<JsonElement> Log() => _workspace.Run("log", "--json").Expect(0).JsonLines;

    private long Spans() => Sql.Count(_workspace, "SELECT count(*) FROM spans");

    private string Manifest() => _workspace.Shell("find . -mindepth 1 -printf '%y %m %p %l\\n' | sort; find . -type f | sort | xargs sha256sum").Expect(0).Output;

    private static string? Text(JsonElement snapshot, string name) => snapshot.GetProperty(name).GetString();

    private static List<string> Changes(JsonElement answer) =>
        [.. answer.GetProperty("changes").EnumerateArray().Select(change => $"{change.GetProperty("kind").GetString()} {change.GetProperty("path").GetString()}")];
}
