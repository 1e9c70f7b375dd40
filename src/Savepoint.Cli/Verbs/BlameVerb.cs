using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Savepoint.Cli.Arguments;
using Savepoint.Cli.Output;

namespace Savepoint.Cli.Verbs;

/// <summary><c>blame</c>: who wrote each line of a file.</summary>
internal sealed class BlameVerb() : Verb("blame", "Show which snapshot, agent, session and turn wrote each line of a file.")
{
    private readonly Argument<string> _path = new("PATH") { Description = "A file." };
    private readonly Option<string?> _at = new("--at") { HelpName = "REV", Description = "The file as it was at this revision; as it is now if it is left out." };

    public override IReadOnlyList<string> Examples =>
    [
        "savepoint blame src/app.cs",
        "savepoint blame src/app.cs --at before-refactoring",
    ];

    public override string Details => "Moves of the file are followed. What an undo or rollback brought back is of whoever wrote it. A line without a number is not recorded yet.";

    public override void Declare(Command command)
    {
        command.Add(_path);
        command.Add(_at);
    }

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var revision = invocation.Get(_at) is { } text ? RevisionArgument.Parse(text) : null;
        await using var workspace = await invocation.OpenAsync(cancellationToken).ConfigureAwait(false);
        var path = invocation.PathOf(workspace, invocation.Get(_path)!);
        var resolved = revision is null ? default : ResolvedRevision.Find(workspace, revision, invocation.Terminal);
        var blame = await workspace.BlameAsync(path, revision is null ? null : resolved.Number, cancellationToken).ConfigureAwait(false);
        if (invocation.Terminal.IsJson)
        {
            invocation.Terminal.StreamJson(json => Write(json, blame, resolved));
        }
        else
        {
            Show(invocation, blame);
        }

        return ExitCode.Done;
    }

    private static void Show(Invocation invocation, BlameResult blame)
    {
        var (terminal, paint) = (invocation.Terminal, invocation.Paint);
        var authors = blame.Snapshots.ToDictionary(pair => pair.Key, pair => SnapshotText.Actor(pair.Value));
        var numberWidth = blame.Snapshots.Keys.Select(number => number.ToString().Length).DefaultIfEmpty(1).Max();
        var authorWidth = authors.Values.Select(author => author.Length).DefaultIfEmpty(0).Max();
        var lineWidth = blame.Lines.Count.ToString(CultureInfo.InvariantCulture).Length;
        foreach (var line in blame.Lines)
        {
            var (number, author, time) = line.Snapshot is { } snapshot
                ? (snapshot.ToString(), authors[snapshot], SnapshotText.Time(blame.Snapshots[snapshot].Time))
                : ("-", "", "not recorded yet   ");
            terminal.Write($"{paint.Number(number.PadLeft(numberWidth))} {paint.Dim(time)} {paint.Actor(author.PadRight(authorWidth))} {line.Number.ToString(CultureInfo.InvariantCulture).PadLeft(lineWidth)}) ");
            ShowText(terminal, line.Text.Span);
        }
    }

    /// <summary>The line as it is; on a terminal with what could act there made harmless.</summary>
    private static void ShowText(Terminal terminal, ReadOnlySpan<byte> text)
    {
        if (terminal.IsInteractive)
        {
            terminal.Line(string.Join('\t', Encoding.UTF8.GetString(WithoutEnd(text)).Split('\t').Select(SafeText.Of)));
            return;
        }

        terminal.Bytes.Write(WithoutEnd(text));
        terminal.Line();
    }

    private static ReadOnlySpan<byte> WithoutEnd(ReadOnlySpan<byte> text) => text.EndsWith("\n"u8) ? text[..^1] : text;

    private static void Write(Utf8JsonWriter json, BlameResult blame, ResolvedRevision resolved)
    {
        json.WriteStartObject();
        resolved.Write(json);
        json.WritePath("path", blame.Path);
        json.WriteSnapshot("at", blame.At);
        json.WriteStartArray("lines");
        foreach (var line in blame.Lines)
        {
            var snapshot = line.Snapshot is { } number ? blame.Snapshots[number] : null;
            json.WriteStartObject();
            json.WriteNumber("line", line.Number);
            json.WriteSnapshot("snapshot", line.Snapshot);
            json.WriteString("agent", snapshot?.Actor.Agent);
            json.WriteString("session", snapshot?.Actor.Session);
            json.WriteString("turn", snapshot?.Actor.Turn);
            json.WriteString("tool", snapshot?.Tool);
            if (snapshot is not null)
            {
                json.WriteTime("time", snapshot.Time);
            }

            json.WriteText("text", WithoutEnd(line.Text.Span));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
