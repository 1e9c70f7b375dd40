using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using Savepoint.Checking.Running;
using Xunit;

namespace Savepoint.Tests.Checking;

/// <summary>Commands run to their end, and nothing of them is left.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class CommandRunnerTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("savepoint-test-");
    private readonly Sink _sink = new();

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData("true", 0)]
    [InlineData("exit 7", 7)]
    [InlineData("kill -9 $$", 137)]
    [InlineData("kill -TERM $$", 143)]
    [InlineData("./nonesuch", 127)]
    [InlineData("touch x; ./x", 126)]
    public async Task Its_exit_code_is_what_a_shell_says(string text, int exitCode)
    {
        var ending = await RunAsync(text);

        Assert.Equal(exitCode, ending.ExitCode);
        Assert.Equal(exitCode is 126 or 127, ending.IsNotStarted);
    }

    [Fact]
    public async Task Both_streams_come_apart_and_its_input_is_empty()
    {
        await RunAsync("cat; echo out; echo error >&2; pwd");

        Assert.Equal($"out\n{_directory.FullName}\n", _sink.Output);
        Assert.Equal("error\n", _sink.Error);
        Assert.True(_sink.IsEnded);
    }

    [Fact]
    public async Task It_has_our_environment_but_for_what_is_otherwise()
    {
        var environment = new Dictionary<string, string?> { ["NEW_ONE"] = "a b", ["HOME"] = null };

        await RunAsync("echo \"$NEW_ONE|${HOME-none}|${PATH:+path}\"", command => command with { Environment = environment });

        Assert.Equal("a b|none|path\n", _sink.Output);
    }

    [Fact]
    public async Task Words_before_the_shell_set_up_where_it_runs()
    {
        await RunAsync("echo $SET", command => command with { Prefix = ["env", "SET=by the prefix"] });

        Assert.Equal("by the prefix\n", _sink.Output);
    }

    [Fact]
    public async Task A_directory_that_is_not_there_is_no_start()
    {
        var ending = await new CommandRunner(TimeProvider.System).RunAsync(new ShellCommand("true", _directory.FullName + "/none"), _sink, default);

        Assert.Null(ending.ExitCode);
        Assert.Contains("No such file", ending.StartProblem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "")]
    [InlineData(1, "trap '' TERM;")]
    [InlineData(2, "trap '' TERM; setsid sh -c 'trap \"\" TERM HUP; echo $$ >> pids; while :; do sleep 0.01; done' &")]
    [InlineData(2, "sh -c 'trap \"\" TERM; echo $$ >> pids; while :; do sleep 0.01; done' &")]
    public async Task When_its_time_is_up_all_of_it_ends(int processes, string text)
    {
        var ending = await RunUntilReadyAsync($"{text} echo $$ >> pids; until [ $(wc -l < pids) -eq {processes} ]; do :; done; echo ready; while :; do sleep 0.01; done", TimeSpan.FromMilliseconds(200));

        Assert.True(ending.IsTimedOut);
        Assert.True(ending.ExitCode is 137 or 143, $"{ending.ExitCode}");
        Assert.Equal(processes, Processes().Count);
        AssertNobodyIsLeft();
    }

    [Fact]
    public async Task A_command_that_ends_when_asked_tells_its_own_exit_code()
    {
        var ending = await RunUntilReadyAsync("trap 'echo asked; exit 3' TERM; echo ready; while :; do sleep 0.01; done", Patience);

        Assert.Equal((3, true, "ready\nasked\n"), (ending.ExitCode, ending.IsTimedOut, _sink.Output));
    }

    [Fact]
    public async Task A_cancellation_ends_all_of_it()
    {
        using var cancelled = new CancellationTokenSource();
        var run = RunAsync("echo $$ >> pids; setsid sleep 600 & echo $! >> pids; sleep 600 & echo $! >> pids; echo ready; wait", cancellationToken: cancelled.Token);
        while (!_sink.Output.Contains("ready", StringComparison.Ordinal))
        {
            await Task.Delay(5);
        }

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        AssertNobodyIsLeft();
    }

    [Fact]
    public async Task What_it_leaves_in_the_background_ends_with_it()
    {
        var ending = await RunAsync("sleep 600 & echo $! >> pids; (trap '' TERM; while :; do sleep 0.01; done) & echo $! >> pids; exit 5", command => command with { Grace = TimeSpan.FromMilliseconds(200) });

        Assert.Equal(5, ending.ExitCode);
        AssertNobodyIsLeft();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_daemon_is_not_waited_for_and_ends_only_where_that_is_asked_for(bool endsDaemons)
    {
        // It keeps our pipe open.
        var ending = await RunAsync("setsid sleep 600 & echo $! >> pids; until [ \"$(cut -d' ' -f6 /proc/$!/stat)\" = $! ]; do :; done", command => command with { EndsDaemons = endsDaemons }).WaitAsync(Patience);

        Assert.Equal(0, ending.ExitCode);
        var daemon = Assert.Single(Processes());
        Assert.Equal(!endsDaemons, ProcessTable.Read(daemon) is not null);
        ChildCalls.Send(daemon, 9);
    }

    [Fact]
    public async Task What_comes_through_a_pipe_after_its_end_is_there()
    {
        await RunAsync("exec 3>&1; (read line; sleep 0.05; echo late >&3) < /dev/null & echo early");

        Assert.StartsWith("early\n", _sink.Output, StringComparison.Ordinal);
        Assert.EndsWith("late\n", _sink.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sink_that_fails_leaves_nothing_running()
    {
        var runner = new CommandRunner(TimeProvider.System);

        await Assert.ThrowsAsync<InvalidOperationException>(() => runner.RunAsync(new ShellCommand("echo $$ > pids; echo x; sleep 600", _directory.FullName), new FailingSink(), default));

        AssertNobodyIsLeft();
    }

    private Task<CommandEnding> RunAsync(string text, Func<ShellCommand, ShellCommand>? with = null, CancellationToken cancellationToken = default) =>
        new CommandRunner(TimeProvider.System).RunAsync((with ?? (command => command))(new ShellCommand(text, _directory.FullName)), _sink, cancellationToken);

    /// <summary>Runs a command whose time is up once it has written "ready", however long that takes.</summary>
    private Task<CommandEnding> RunUntilReadyAsync(string text, TimeSpan grace)
    {
        var (time, limit) = (new JumpingTime(), TimeSpan.FromDays(1));
        _sink.OnReady = () => time.Jump(limit);
        return new CommandRunner(time).RunAsync(new ShellCommand(text, _directory.FullName) { TimeLimit = limit, Grace = grace }, _sink, default);
    }

    private List<int> Processes() => [.. File.ReadAllLines(Path.Combine(_directory.FullName, "pids")).Select(line => int.Parse(line, CultureInfo.InvariantCulture))];

    private void AssertNobodyIsLeft()
    {
        Assert.NotEmpty(Processes());
        Assert.All(Processes(), process => Assert.Null(ProcessTable.Read(process)));
    }

    private sealed class Sink : IOutputSink
    {
        private readonly StringBuilder _output = new();
        private readonly StringBuilder _error = new();
        private readonly Lock _gate = new();

        public string Output => Text(_output);

        public string Error => Text(_error);

        public bool IsEnded { get; private set; }

        public Action? OnReady { get; set; }

        public void Write(bool isError, ReadOnlySpan<byte> bytes)
        {
            if (bytes[0] != 0)
            {
                lock (_gate)
                {
                    (isError ? _error : _output).Append(Encoding.UTF8.GetString(bytes));
                }

                if (OnReady is { } ready && Output.Contains("ready", StringComparison.Ordinal))
                {
                    OnReady = null;
                    ready();
                }
            }
        }

        public void End() => IsEnded = true;

        private string Text(StringBuilder text)
        {
            lock (_gate)
            {
                return text.ToString();
            }
        }
    }

    private sealed class JumpingTime : TimeProvider
    {
        private long _jumped;

        public override long GetTimestamp() => base.GetTimestamp() + Interlocked.Read(ref _jumped);

        public void Jump(TimeSpan time) => Interlocked.Add(ref _jumped, (long)(time.TotalSeconds * TimestampFrequency));
    }

    private sealed class FailingSink : IOutputSink
    {
        public void Write(bool isError, ReadOnlySpan<byte> bytes) => throw new InvalidOperationException("the sink fails");

        public void End()
        {
        }
    }
}
