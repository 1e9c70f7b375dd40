using System.Globalization;
using System.Text;
using System.Text.Json;
using Savepoint.Cli.Output;
using Savepoint.Model;

namespace Savepoint.Cli.Mcp.Tools;

/// <summary><c>blame</c>: who wrote which lines, by runs of lines of one snapshot.</summary>
internal sealed class BlameTool() : McpTool("blame", "Blame", ToolEffect.Reads,
    "Find out who wrote which lines of a file: snapshot, agent, session and turn for each run of lines.")
{
    private const int MaxRuns = 200;

    public override IReadOnlyList<ToolParameter> Parameters { get; } =
    [
        new("path", ParameterKind.Text) { IsRequired = true },
        new("startLine", ParameterKind.Number, "Default 1."),
        new("endLine", ParameterKind.Number, "Default: the last."),
        new("revision", ParameterKind.Text, "Default: the file as it is now."),
    ];

    public override async Task<ToolAnswer> RunAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var at = call.Arguments.Text("revision") is null ? (SnapshotNumber?)null : call.Workspace.Resolve(call.Revision("revision", "@"));
        var blame = await call.Workspace.BlameAsync(call.PathOf(call.Arguments.Text("path")!), at, cancellationToken).ConfigureAwait(false);
        var (first, last) = (call.Arguments.Number("startLine") ?? 1, Math.Min(call.Arguments.Number("endLine") ?? int.MaxValue, blame.Lines.Count));
        if (blame.Lines.Count > 0 && first > last)
        {
            throw new UsageException($"There are no lines {first} to {last}.", $"The file has {blame.Lines.Count}.");
        }

        var runs = Runs(blame.Lines.Where(line => line.Number >= first && line.Number <= last));
        var text = new StringBuilder($"{SafeText.Of(blame.Path)}, {Quantity.Of(blame.Lines.Count, "line")}:");
        foreach (var run in runs.Take(MaxRuns))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{run.First}-{run.Last}: ");
            text.Append(run.Snapshot is { } number ? SnapshotText.Title(blame.Snapshots[number], [], isUndone: false, default).TrimStart() : "not recorded yet");
        }

        var leftOut = Math.Max(0, runs.Count - MaxRuns);
        text.Append(leftOut == 0 ? "" : $"\n… and {leftOut} more runs: narrow with startLine and endLine");
        return new ToolAnswer(text.ToString(), json => Write(json, blame, runs, leftOut));
    }

    private static List<(int First, int Last, SnapshotNumber? Snapshot)> Runs(IEnumerable<BlamedLine> lines)
    {
        var runs = new List<(int First, int Last, SnapshotNumber? Snapshot)>();
        foreach (var line in lines)
        {
            if (runs.Count > 0 && runs[^1].Snapshot == line.Snapshot)
            {
                runs[^1] = runs[^1] with { Last = line.Number };
            }
            else
            {
                runs.Add((line.Number, line.Number, line.Snapshot));
            }
        }

        return runs;
    }

    private static void Write(Utf8JsonWriter json, BlameResult blame, List<(int First, int Last, SnapshotNumber? Snapshot)> runs, int leftOut)
    {
        json.WritePath("path", blame.Path);
        json.WriteNumber("lineCount", blame.Lines.Count);
        json.WriteStartArray("runs");
        foreach (var (first, last, number) in runs.Take(MaxRuns))
        {
            var snapshot = number is { } known ? blame.Snapshots[known] : null;
            json.WriteStartObject();
            json.WriteNumber("startLine", first);
            json.WriteNumber("endLine", last);
            json.WriteSnapshot("snapshot", number);
            SnapshotSummary.WriteAuthor(json, snapshot);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (leftOut > 0)
        {
            json.WriteNumber("leftOutRuns", leftOut);
        }
    }
}
