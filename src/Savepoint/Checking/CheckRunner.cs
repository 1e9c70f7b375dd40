using Savepoint.Checking.Running;
using Savepoint.Model;

namespace Savepoint.Checking;

/// <summary>
/// Runs the commands of a check one after the other, in any directory that holds the state, and reads what they say. What goes
/// in: commands, a directory. What comes out: for each command that was run how it ended. It knows no history.
/// </summary>
internal sealed class CheckRunner(TimeProvider time)
{
    // What compilers say is read in English; what tests print is theirs, so nothing that a program under test would see is changed for them.
    private static readonly Dictionary<string, string?> BuildLanguage = new() { ["DOTNET_CLI_UI_LANGUAGE"] = "en", ["VSLANG"] = "1033", ["LANGUAGE"] = "en" };
    private static readonly Dictionary<string, string?> TestLanguage = new() { ["DOTNET_CLI_UI_LANGUAGE"] = "en", ["VSLANG"] = "1033" };

    /// <summary>Runs what there is of build, test and bench, in this order. If it does not build, or nobody knows, nothing else is run.</summary>
    /// <param name="commands">What to run.</param>
    /// <param name="directory">Where: an absolute path.</param>
    /// <param name="options">How.</param>
    /// <param name="prefix">Words to put before the shell, as of an overlay's helper; empty for none.</param>
    /// <param name="endsDaemons">Whether daemons that the commands start end with them: for directories that go away.</param>
    /// <param name="cancellationToken">Ends the command that runs, and then this.</param>
    public async Task<IReadOnlyList<CheckedCommand>> RunAsync(
        CheckCommands commands, string directory, CheckOptions options, IReadOnlyList<string> prefix, bool endsDaemons, CancellationToken cancellationToken)
    {
        var results = new List<CheckedCommand>();
        foreach (var kind in (CheckKind[])[CheckKind.Build, CheckKind.Test, CheckKind.Bench])
        {
            if (commands.Of(kind) is { } text)
            {
                var command = new ShellCommand(text, directory) { Prefix = prefix, Environment = Environment(kind, options.Environment), TimeLimit = options.TimeLimit, Grace = options.Grace, EndsDaemons = endsDaemons };
                results.Add(await RunAsync(kind, command, options.Lines, cancellationToken).ConfigureAwait(false));
                if (kind == CheckKind.Build && results[^1].Outcome != CheckOutcome.Passed)
                {
                    break;
                }
            }
        }

        return results;
    }

    /// <summary>The variables of a command: those of its language, and over them those that were asked for.</summary>
    public static IReadOnlyDictionary<string, string?> Environment(CheckKind kind, IReadOnlyDictionary<string, string?> asked)
    {
        var environment = new Dictionary<string, string?>(Language(kind));
        foreach (var (name, value) in asked)
        {
            environment[name] = value;
        }

        return environment;
    }

    /// <summary>The variables that a command of a kind is given so that what it says can be read.</summary>
    public static IReadOnlyDictionary<string, string?> Language(CheckKind kind) => kind == CheckKind.Build ? BuildLanguage : TestLanguage;

    /// <summary>Runs one command, and reads its output and the report files that it left below its directory.</summary>
    public async Task<CheckedCommand> RunAsync(CheckKind kind, ShellCommand command, IProgress<CheckLine>? progress, CancellationToken cancellationToken)
    {
        var output = new CommandReading(kind, progress);
        var files = new ReportReader();
        var started = ReportFiles.Now();
        var ending = await new CommandRunner(time).RunAsync(command, output, cancellationToken).ConfigureAwait(false);
        output.Settle(ending.ExitCode != 0);
        foreach (var file in ending is { IsTimedOut: false, IsNotStarted: false } ? ReportFiles.Since(command.ReportDirectory ?? command.Directory, started) : [])
        {
            files.Read(file);
        }

        return CheckMeaning.Of(kind, command.Text, ending, output, files);
    }
}
