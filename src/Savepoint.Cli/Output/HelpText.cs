using System.CommandLine;
using Savepoint.Cli.Verbs;

namespace Savepoint.Cli.Output;

/// <summary>The help, of all verbs or of one.</summary>
internal static class HelpText
{
    /// <summary>All verbs, by what they are for.</summary>
    public static void WriteOverview(Terminal terminal)
    {
        var paint = new Paint(terminal.HasColor);
        terminal.Line("savepoint: takes back anything an agent, a command or a person did to a directory of files");
        terminal.Line();
        terminal.Line($"{paint.Bold("Usage:")} savepoint VERB [arguments] [options]");
        foreach (var (title, names) in VerbTable.Groups)
        {
            terminal.Line();
            terminal.Line(paint.Bold(title));
            foreach (var name in names)
            {
                terminal.Line($"  {name,-11} {VerbTable.Find(name)!.Summary}");
            }
        }

        terminal.Line();
        terminal.Line("'savepoint VERB --help' explains a verb. A REV is 42, @ (the head), @-3, @{10m}, a label, a branch, turn:ID or session:ID.");
    }

    /// <summary>One verb.</summary>
    public static void Write(Terminal terminal, Verb verb, Command command)
    {
        var paint = new Paint(terminal.HasColor);
        terminal.Line($"{verb.Summary}");
        terminal.Line();
        terminal.Line($"{paint.Bold("Usage:")} savepoint {verb.Name}{string.Concat(command.Arguments.Select(Usage))} [options]");
        Rows(terminal, paint, "Arguments:", [.. command.Arguments.Select(argument => (argument.HelpName ?? argument.Name, argument.Description ?? ""))]);
        Rows(terminal, paint, "Options:", [.. command.Options.Where(option => !option.Hidden).Select(option => (Form(option), option.Description ?? ""))]);
        if (verb.Details is { } details)
        {
            terminal.Line();
            terminal.Line(details);
        }

        terminal.Line();
        terminal.Line(paint.Bold("Examples:"));
        foreach (var example in verb.Examples)
        {
            terminal.Line($"  {example}");
        }
    }

    private static void Rows(Terminal terminal, Paint paint, string title, List<(string Form, string Meaning)> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        terminal.Line();
        terminal.Line(paint.Bold(title));
        var width = rows.Max(row => row.Form.Length);
        foreach (var (form, meaning) in rows)
        {
            terminal.Line($"  {form.PadRight(width)}  {meaning}");
        }
    }

    private static string Usage(Argument argument)
    {
        var name = argument.Arity.MaximumNumberOfValues > 1 ? $"{argument.Name}…" : argument.Name;
        return argument.Arity.MinimumNumberOfValues == 0 ? $" [{name}]" : $" {name}";
    }

    private static string Form(Option option)
    {
        var names = string.Join(", ", option.Aliases.OrderBy(alias => alias.Length).Append(option.Name));
        return option.ValueType == typeof(bool) ? names : $"{names} {option.HelpName ?? "VALUE"}";
    }
}
