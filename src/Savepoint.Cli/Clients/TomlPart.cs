using System.Text;
using Savepoint.Cli.ConfigText;

namespace Savepoint.Cli.Clients;

/// <summary>Our MCP server in Codex's <c>config.toml</c>: the table <c>mcp_servers.savepoint</c>.</summary>
internal sealed class TomlPart(string file, string program) : ConfigPart(file)
{
    private const string Servers = "mcp_servers";

    private byte[] Table => Encoding.UTF8.GetBytes($"[{Servers}.{JsonPart.ServerName}]\ncommand = {TomlText.Quoted(program)}\nargs = [\"{ServerEntry.Verb}\"]\n");

    public override IReadOnlyList<string> Wanted => OursIn(Table);

    public override IReadOnlyList<string> OursIn(byte[] text) => ProgramOf(text, TomlText.Parse(text)) is { } called ? [$"{Servers}/{JsonPart.ServerName} {called}"] : [];

    public override IReadOnlyList<string> ProgramsIn(byte[] text) => ProgramOf(text, TomlText.Parse(text)) is { } called ? [called] : [];

    public override IReadOnlyList<TextInsertion> InsertionsInto(byte[] text)
    {
        var statements = TomlText.Parse(text);
        if (statements.Any(statement => statement.IsWithin(Servers, JsonPart.ServerName)))
        {
            throw new FormatException($"'{Servers}' has an entry '{JsonPart.ServerName}' that is not ours");
        }

        // A table that is written in one piece, or is an array, cannot be added to from outside.
        if (statements.Any(statement => statement.Path is [Servers] && (!statement.IsHeader || statement.IsArray)))
        {
            throw new FormatException($"'{Servers}' is no table that can be added to");
        }

        var newLine = text.AsSpan().IndexOf("\r\n"u8) >= 0 ? "\r\n" : "\n";
        var gap = text.Length == 0 ? "" : text[^1] == (byte)'\n' ? newLine : newLine + newLine;
        var table = Encoding.UTF8.GetString(Table).Replace("\n", newLine, StringComparison.Ordinal);
        return [new TextInsertion(text.Length, Encoding.UTF8.GetBytes(gap + table))];
    }

    /// <summary>Without the table, what Codex itself added below it, and the empty line before.</summary>
    public override byte[] Without(byte[] text)
    {
        var statements = TomlText.Parse(text);
        if (ProgramOf(text, statements) is null)
        {
            return text;
        }

        var ranges = new List<(int Start, int End)>();
        foreach (var statement in statements.Where(statement => statement.IsWithin(Servers, JsonPart.ServerName)))
        {
            var lineEnd = text.AsSpan(statement.End).IndexOf((byte)'\n');
            var start = text.AsSpan(0, statement.Start).LastIndexOf((byte)'\n') + 1;
            ranges.Add((statement.IsHeader ? StartOfGap(text, start) : start, lineEnd < 0 ? text.Length : statement.End + lineEnd + 1));
        }

        return TextEdit.Remove(text, ranges);
    }

    public override bool IsEmpty(byte[] text) => text.AsSpan().IndexOfAnyExcept(" \t\r\n"u8) < 0;

    private static int StartOfGap(ReadOnlySpan<byte> text, int line)
    {
        var at = line > 1 && text[line - 1] == (byte)'\n' ? line - 1 : line;
        at = at > 0 && at < line && text[at - 1] == (byte)'\r' ? at - 1 : at;
        return at == 0 || (at < line && text[at - 1] == (byte)'\n') ? at : line;
    }

    /// <summary>The program of a server that has our name, written as a table, and is ours; null if there is none.</summary>
    private static string? ProgramOf(byte[] text, IReadOnlyList<TomlStatement> statements)
    {
        var command = statements.LastOrDefault(statement => statement.Path is [Servers, JsonPart.ServerName, "command"]);
        var arguments = statements.LastOrDefault(statement => statement.Path is [Servers, JsonPart.ServerName, "args"]);
        var isTable = statements.Any(statement => statement is { IsHeader: true, IsArray: false, Path: [Servers, JsonPart.ServerName] });
        if (!isTable || command is null || arguments is null || text[command.ValueStart] is not ((byte)'"' or (byte)'\''))
        {
            return null;
        }

        var program = TomlText.Unquoted(text.AsSpan(command.ValueStart..command.End));
        var first = Encoding.UTF8.GetString(text, arguments.ValueStart, arguments.End - arguments.ValueStart).Trim('[', ']', ' ', '\t', '\r', '\n', ',');
        return HookCommand.IsOurs(program) && first is $"\"{ServerEntry.Verb}\"" or $"'{ServerEntry.Verb}'" ? program : null;
    }
}
