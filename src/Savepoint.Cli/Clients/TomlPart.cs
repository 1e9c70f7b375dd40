using System.Text;
using Savepoint.Cli.ConfigText;

namespace Savepoint.Cli.Clients;

/// <summary>Our MCP server in Codex's <c>config.toml</c>: the table <c>mcp_servers.savepoint</c>.</summary>
/// <param name="file">The file's absolute path.</param>
/// <param name="program">What the server is called by.</param>
/// <param name="table">The table to write; null for a plain one.</param>
internal sealed class TomlPart(string file, string program, byte[]? table = null) : ConfigPart(file)
{
    private const string Servers = "mcp_servers";

    private byte[] Table => table ?? Encoding.UTF8.GetBytes($"[{Servers}.{JsonPart.ServerName}]\ncommand = {TomlText.Quoted(program)}\nargs = [\"{ServerEntry.Verb}\"]\n");

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

    public override ConfigPart Keeping(byte[] text)
    {
        var statements = TomlText.Parse(text);
        if (ProgramOf(text, statements) is null)
        {
            return this;
        }

        var kept = new MemoryStream();
        foreach (var statement in Within(statements))
        {
            var (start, end) = LinesOf(text, statement);
            if (statement.Path is [Servers, JsonPart.ServerName, "command"])
            {
                kept.Write(text.AsSpan(start..statement.ValueStart));
                kept.Write(Encoding.UTF8.GetBytes(TomlText.Quoted(program)));
                start = statement.End;
            }

            kept.Write(text.AsSpan(start..end));
        }

        return new TomlPart(File, program, Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(kept.ToArray()).Replace("\r\n", "\n", StringComparison.Ordinal).TrimEnd('\n') + "\n"));
    }

    /// <summary>What Codex or its user added to our table goes with it: left behind, it would be a server without a command, or another table's key.</summary>
    public override bool IsWithout(byte[] text, byte[] clean)
    {
        try
        {
            return Others(text).SequenceEqual(Others(clean)) && !Within(TomlText.Parse(clean)).Any();
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>Without the table, what Codex itself added below it, and the empty line before.</summary>
    public override byte[] Without(byte[] text)
    {
        var statements = TomlText.Parse(text);
        return ProgramOf(text, statements) is null ? text : TextEdit.Remove(text, Within(statements).Select(statement =>
        {
            var (start, end) = LinesOf(text, statement);
            return (statement.IsHeader ? StartOfGap(text, start) : start, end);
        }));
    }

    public override bool IsEmpty(byte[] text) => text.AsSpan().IndexOfAnyExcept(" \t\r\n"u8) < 0;

    private static IEnumerable<TomlStatement> Within(IEnumerable<TomlStatement> statements) =>
        statements.Where(statement => statement.IsWithin(Servers, JsonPart.ServerName));

    /// <summary>All statements that are not ours, each by its place and its text.</summary>
    private static List<string> Others(byte[] text) =>
        [.. TomlText.Parse(text).Where(statement => !statement.IsWithin(Servers, JsonPart.ServerName))
            .Select(statement => $"{string.Join('\0', statement.Path)}\0{Encoding.UTF8.GetString(text, statement.Start, statement.End - statement.Start)}")];

    private static (int Start, int End) LinesOf(ReadOnlySpan<byte> text, TomlStatement statement)
    {
        var lineEnd = text[statement.End..].IndexOf((byte)'\n');
        return (text[..statement.Start].LastIndexOf((byte)'\n') + 1, lineEnd < 0 ? text.Length : statement.End + lineEnd + 1);
    }

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
        return HookCommand.IsOurs(program) && FirstOf(text.AsSpan(arguments.ValueStart..arguments.End)) is ServerEntry.Verb ? program : null;
    }

    /// <summary>The first element of an array, if it is a string; null otherwise. More may follow: arguments that the user added.</summary>
    private static string? FirstOf(ReadOnlySpan<byte> array)
    {
        var elements = Encoding.UTF8.GetString(array).TrimStart('[', ' ', '\t', '\r', '\n');
        return elements is [var quote and ('"' or '\''), ..] && elements.IndexOf(quote, 1) is > 0 and var end && elements[(end + 1)..].TrimStart(' ', '\t', '\r', '\n') is [',' or ']', ..] ? elements[1..end] : null;
    }
}
