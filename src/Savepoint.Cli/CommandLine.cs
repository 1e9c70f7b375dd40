using System.CommandLine;
using System.CommandLine.Parsing;
using Savepoint.Cli.Output;
using Savepoint.Cli.Platform;
using Savepoint.Cli.Telemetry;
using Savepoint.Cli.Verbs;

namespace Savepoint.Cli;

/// <summary>
/// From the arguments to the exit code: finds the verb, has System.CommandLine parse what belongs to it, runs it, and turns
/// every failure into a sentence. Only the verb that was asked for is set up.
/// </summary>
internal static class CommandLine
{
    // "@-3" is a revision, not a file with more arguments.
    private static readonly ParserConfiguration Configuration = new() { ResponseFileTokenReplacer = null };

    public static async Task<int> RunAsync(string[] arguments)
    {
        arguments = RawArguments.Restore(arguments);
        var at = IndexOfVerb(arguments);
        var verb = at < 0 ? null : VerbTable.Find(arguments[at]);
        return verb is null ? RunWithoutVerb(arguments, at < 0 ? null : arguments[at], at) : await RunAsync(verb, WithVerbFirst(arguments, at)).ConfigureAwait(false);
    }

    /// <summary>Where the verb stands: the first argument that is neither an option nor the value of <c>-C</c>.</summary>
    private static int IndexOfVerb(string[] arguments)
    {
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] is "-C" or "--workspace")
            {
                i++;
            }
            else if (!arguments[i].StartsWith('-'))
            {
                return i;
            }
        }

        return -1;
    }

    // The parser takes the first argument for the command's own name, whatever a path behind it is called.
    private static string[] WithVerbFirst(string[] arguments, int at) => at == 0 ? arguments : [arguments[at], .. arguments[..at], .. arguments[(at + 1)..]];

    private static int RunWithoutVerb(string[] arguments, string? word, int at)
    {
        var terminal = TerminalFor(isJson: false, isQuiet: false, isVerbose: false, noColor: false);
        var failures = new FailureReport(terminal);
        return failures.Guard(() =>
        {
            switch (word)
            {
                case null when Array.IndexOf(arguments, "--version") >= 0:
                    terminal.Line($"savepoint {Version}");
                    return ExitCode.Done;
                case null when Array.Exists(arguments, argument => argument is "--help" or "-h"):
                case "help" when at + 1 >= arguments.Length:
                    HelpText.WriteOverview(terminal);
                    return ExitCode.Done;
                case "help" when VerbTable.Find(arguments[at + 1]) is { } asked:
                    HelpText.Write(terminal, asked, CommandOf(asked, new GlobalOptions()));
                    return ExitCode.Done;
                case null when Array.Find(arguments, argument => argument is ['-', _, ..] && !IsGlobal(argument)) is { } option:
                    throw new UsageException($"There is no option '{option}'.", "'savepoint --help' lists the verbs; each has its own options.");
                case null:
                    throw new UsageException("A verb is missing.", "'savepoint --help' lists them.");
                default:
                    var unknown = word == "help" ? arguments[at + 1] : word;
                    throw new UsageException($"There is no verb '{unknown}'.", VerbTable.Nearest(unknown) is { } near ? $"Did you mean '{near}'? 'savepoint --help' lists the verbs." : "'savepoint --help' lists the verbs.");
            }
        });
    }

    private static async Task<int> RunAsync(Verb verb, string[] arguments)
    {
        var options = new GlobalOptions();
        var command = CommandOf(verb, options);
        var parsed = command.Parse(arguments, Configuration);
        var terminal = TerminalFor(parsed.GetValue(options.Json), parsed.GetValue(options.Quiet), parsed.GetValue(options.Verbose), parsed.GetValue(options.NoColor));
        var failures = new FailureReport(terminal);
        Signals.Catch();
        using var export = OtlpExport.Start(terminal);
        var code = await failures.GuardAsync(verb, async () =>
        {
            if (parsed.GetValue(options.Help))
            {
                HelpText.Write(terminal, verb, command);
                return ExitCode.Done;
            }

            if (parsed.GetValue(options.Version))
            {
                terminal.Line($"savepoint {Version}");
                return ExitCode.Done;
            }

            RefuseUnknownOptions(parsed, command);
            if (parsed.Errors.Count > 0)
            {
                throw new UsageException(MessageOf(parsed.Errors[0]));
            }

            RefuseBytes(parsed, command);

            return await verb.RunAsync(new Invocation(parsed, parsed.GetValue(options.Workspace), terminal), Signals.Token).ConfigureAwait(false);
        }).ConfigureAwait(false);
        if (export is not null)
        {
            await export.FinishAsync().ConfigureAwait(false);
        }

        return code;
    }

    /// <summary>The parser takes an option it does not know for an argument; only behind "--" is it one.</summary>
    private static void RefuseUnknownOptions(ParseResult parsed, Command command)
    {
        var arguments = command.Arguments.SelectMany(argument => parsed.GetResult(argument)?.Tokens ?? []).ToList();
        foreach (var token in parsed.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash))
        {
            if (token.Value is ['-', _, ..] && arguments.Exists(argument => ReferenceEquals(argument, token)))
            {
                throw new UsageException($"There is no option '{token.Value}'.");
            }
        }
    }

    /// <summary>Only the paths of a workspace's entries, and a command's words, may be other bytes than UTF-8; in a name or a text their escapes would be taken for it.</summary>
    private static void RefuseBytes(ParseResult parsed, Command command)
    {
        var ofBytes = command.Arguments.Where(argument => argument.Name is "PATH" or "CMD").SelectMany(argument => parsed.GetResult(argument)?.Tokens ?? [])
            .Concat(command.Options.Where(option => option.Name == "--path").SelectMany(option => parsed.GetResult(option)?.Tokens ?? [])).ToList();
        foreach (var token in parsed.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash))
        {
            if (!ofBytes.Exists(path => ReferenceEquals(path, token)))
            {
                RawArguments.RefuseBytes(token.Value);
            }
        }
    }

    /// <summary>What the parser found wrong, in words that do not need a .NET programmer.</summary>
    private static string MessageOf(ParseError error) => error.SymbolResult switch
    {
        OptionResult { Option: { Arity.MaximumNumberOfValues: 1 } option, Tokens.Count: > 1 } => $"{option.Name} is there twice, and takes one value.",
        OptionResult { Option: var option, Tokens: [.., var token] } when IsNumber(option.ValueType) && !long.TryParse(token.Value, out _) => $"'{token.Value}' is no number, as {option.Name} takes.",
        OptionResult { Option: var option, Tokens: [.., var token] } when IsNumber(option.ValueType) => $"{token.Value} is too large a number for {option.Name}.",
        ArgumentResult { Argument: var argument, Tokens: [.., var token] } when IsNumber(argument.ValueType) && !long.TryParse(token.Value, out _) => $"'{token.Value}' is no number, as {argument.Name} is.",
        ArgumentResult { Argument: var argument, Tokens: [.., var token] } when IsNumber(argument.ValueType) => $"{token.Value} is too large a number for {argument.Name}.",
        _ => error.Message,
    };

    private static bool IsNumber(Type type) => type == typeof(int) || type == typeof(int?) || type == typeof(long?);

    private static bool IsGlobal(string argument) => new GlobalOptions().All.Any(option => option.Name == argument || option.Aliases.Contains(argument));

    /// <summary>The verb's command with the global options.</summary>
    internal static Command CommandOf(Verb verb, GlobalOptions options)
    {
        var command = new Command(verb.Name, verb.Summary);
        verb.Declare(command);
        foreach (var option in options.All)
        {
            command.Add(option);
        }

        foreach (var flag in command.Options.Where(option => option.ValueType == typeof(bool)))
        {
            flag.Arity = ArgumentArity.Zero; // the parser would take a "true" or "false" behind it, which may be the verb's own word
        }

        return command;
    }

    private static string Version => typeof(CommandLine).Assembly.GetName().Version!.ToString(3);

    private static Terminal TerminalFor(bool isJson, bool isQuiet, bool isVerbose, bool noColor)
    {
        var isInteractive = PosixCalls.IsTerminal(1);
        return new Terminal
        {
            IsJson = isJson,
            IsQuiet = isQuiet,
            IsVerbose = isVerbose,
            IsInteractive = isInteractive,
            HasColor = isInteractive && !noColor && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") != "dumb",
            HasProgress = !isQuiet && PosixCalls.IsTerminal(2),
        };
    }
}
