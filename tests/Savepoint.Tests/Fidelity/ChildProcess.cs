using System.Diagnostics;
using Savepoint.Tests.Fidelity;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestPipelineStartup(typeof(ChildProcessStartup))]

namespace Savepoint.Tests.Fidelity;

/// <summary>
/// A second process for tests that kill one, or that need another user: this executable again, told by a variable of
/// its environment to run one of the <see cref="ChildScenarios"/> instead of tests.
/// </summary>
internal sealed class ChildProcess : IDisposable
{
    public const string Variable = "SAVEPOINT_TEST_SCENARIO";

    private const char Separator = '\u001f';
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly Task<string> _errors;

    private ChildProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts a scenario.</summary>
    /// <param name="scenario">Its name in <see cref="ChildScenarios"/>.</param>
    /// <param name="arguments">What it is given.</param>
    public static ChildProcess Start(string scenario, params string[] arguments) => StartThrough([], scenario, arguments);

    /// <summary>As <see cref="Start"/>, through another program that starts it: <c>prlimit</c>, a shell.</summary>
    public static ChildProcess StartThrough(string[] starter, string scenario, params string[] arguments)
    {
        string[] command = [.. starter, Environment.ProcessPath!];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(ChildProcess).Assembly.Location);
        }

        start.Environment[Variable] = string.Join(Separator, [scenario, .. arguments]);
        return new ChildProcess(Process.Start(start)!);
    }

    /// <summary>Runs a scenario to its end and gives what it said; fails the test if it failed.</summary>
    public static async Task<IReadOnlyList<string>> RunAsync(string scenario, params string[] arguments)
    {
        using var child = Start(scenario, arguments);
        return await child.EndAsync();
    }

    /// <summary>The scenario that this process is to run, with its arguments; null if it is to run tests.</summary>
    public static string[]? Asked() => Environment.GetEnvironmentVariable(Variable)?.Split(Separator);

    /// <summary>Says a line to the process that started this one.</summary>
    public static void Say(string line)
    {
        Console.Out.WriteLine("@" + line);
        Console.Out.Flush();
    }

    /// <summary>The next line that the child says; null at its end.</summary>
    public async Task<string?> HearAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        while (await _process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.StartsWith('@'))
            {
                return line[1..];
            }
        }

        return null;
    }

    /// <summary>Waits for the child's end; fails the test unless it succeeded. What it said since it was last heard.</summary>
    public async Task<IReadOnlyList<string>> EndAsync()
    {
        var said = new List<string>();
        while (await HearAsync() is { } line)
        {
            said.Add(line);
        }

        using var limit = new CancellationTokenSource(Limit);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode == 0
            ? said
            : throw new InvalidOperationException($"The child ended with {_process.ExitCode}: {string.Join('\n', said)}\n{await _errors}");
    }

    /// <summary>Kills the child as <c>kill -9</c> does, and waits until it is gone.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }
}

/// <summary>Runs before any test does: the place to become a child instead.</summary>
public sealed class ChildProcessStartup : ITestPipelineStartup
{
    public async ValueTask StartAsync(IMessageSink diagnosticMessageSink)
    {
        if (ChildProcess.Asked() is not { } asked)
        {
            return;
        }

        try
        {
            await ChildScenarios.RunAsync(asked[0], asked[1..]);
        }
        catch (Exception e)
        {
            await Console.Error.WriteLineAsync(e.ToString());
            Environment.Exit(70);
        }

        Environment.Exit(0);
    }

    public ValueTask StopAsync() => ValueTask.CompletedTask;
}
