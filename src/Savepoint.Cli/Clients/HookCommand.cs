namespace Savepoint.Cli.Clients;

/// <summary>The command line by which a client's hook calls us, and how ours are told from those of others.</summary>
internal static class HookCommand
{
    private static readonly string[] OurNames = ["savepoint", "savepoint-cli"];

    public static string For(string client, Installation target) =>
        $"{Quoted(target.Program)} hook {client}{(target.IsUser ? " --user" : "")}";

    /// <summary>The program that a hook's command calls; null if it is none of our hooks for this client.</summary>
    public static string? ProgramOf(string command, string client)
    {
        var line = command.Trim();
        line = WithoutEnd(line, " --user") ?? line;
        return WithoutEnd(line, $" hook {client}")?.Trim() is { Length: > 0 } program && IsOurs(Unquoted(program)) ? Unquoted(program) : null;
    }

    /// <summary>Whether a program is this one, wherever it is and whatever stands before it.</summary>
    public static bool IsOurs(string program)
    {
        var path = program.EndsWith(".exe", StringComparison.OrdinalIgnoreCase) ? program[..^4] : program;
        return Array.Exists(OurNames, name => path.EndsWith(name, StringComparison.Ordinal) && (path.Length == name.Length || path[^(name.Length + 1)] is '/' or '\\' or ' ' or '\'' or '"'));
    }

    private static string? WithoutEnd(string text, string end) => text.EndsWith(end, StringComparison.Ordinal) ? text[..^end.Length].TrimEnd() : null;

    /// <summary>As a shell takes it for one word: clients run a hook's command by one.</summary>
    public static string Quoted(string program) => program.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-' or '+' or ':' || (c == '\\' && OperatingSystem.IsWindows()))
        ? program
        : OperatingSystem.IsWindows() ? $"\"{program}\"" : $"'{program.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string Unquoted(string program) => program switch
    {
        ['\'', .. var inner, '\''] => inner.Replace("'\\''", "'", StringComparison.Ordinal),
        ['"', .. var inner, '"'] => inner,
        _ => program,
    };
}
