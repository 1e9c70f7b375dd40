using System.Text.Json;
using Savepoint.Cli.Output;
using Savepoint.Diffs;
using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary>How <c>bisect</c> answers.</summary>
internal static class BisectAnswer
{
    private const int MaxOutputLines = 15;

    /// <summary>Shows what was found and gives the exit code.</summary>
    public static int Give(Invocation invocation, SnapshotManager workspace, BisectResult result, SnapshotNumber? captured)
    {
        var terminal = invocation.Terminal;
        if (terminal.IsJson)
        {
            terminal.Json(json =>
            {
                json.WriteStartObject();
                WriteMembers(json, workspace, result, PatchOf(workspace, result, PatchText.Options(terminal)));
                json.WriteSnapshot("head", workspace.Head);
                json.WriteString("branch", workspace.Branch);
                json.WriteSnapshot("captured", captured);
                json.WriteEndObject();
            });
        }
        else
        {
            Show(invocation, workspace, result);
        }

        if (result.IsFlaky)
        {
            terminal.Note("the command passed and failed at one and the same state: it is flaky, so a failure counts and a pass only if it is repeated");
        }

        return result.Ending == BisectEnding.Found ? ExitCode.Done : Report(terminal, result);
    }

    /// <summary>Writes the members of the object, which the caller opens and closes. <c>snapshot</c> is the one that broke it.</summary>
    public static void WriteMembers(Utf8JsonWriter json, SnapshotManager workspace, BisectResult result, Patch patch)
    {
        var isFound = result.Ending is BisectEnding.Found or BisectEnding.Narrowed;
        json.WriteSnapshot("snapshot", isFound ? result.Bad : null);
        json.WriteString("ending", JsonNames.Of(result.Ending));
        json.WriteSnapshot("good", result.Good);
        json.WriteSnapshot("bad", result.Bad);
        SnapshotJson.WriteActor(json, result.Culprit);
        json.WriteString("message", result.Culprit.Message);
        json.WriteTime("time", result.Culprit.Time);
        ChangeJson.WriteAll(json, result.Culprit.Changes, workspace.Contents);
        PatchJson.Write(json, patch, result.Culprit.Changes);
        json.WriteStartArray("untold");
        foreach (var number in result.Untold)
        {
            json.WriteNumberValue(number.Value);
        }

        json.WriteEndArray();
        json.WriteNumber("states", result.StateCount);
        json.WriteBoolean("flaky", result.IsFlaky);
        WriteRuns(json, result);
        json.WriteString("output", result.Output);
        json.WriteElapsed(result.Elapsed);
    }

    /// <summary>What the first bad snapshot did.</summary>
    public static Patch PatchOf(SnapshotManager workspace, BisectResult result, PatchOptions options) => Patch.Create(result.Culprit.Changes, workspace.Contents, options);

    /// <summary>What a search that found no single snapshot came to, and what to do next.</summary>
    public static (string Message, string Hint) Problem(BisectResult result) => result.Ending switch
    {
        BisectEnding.Narrowed when result.Runs.All(run => run.IsGood is null) => (
            $"The command could tell of no snapshot that it ran at; {string.Join(", ", result.Untold)} stand between the two that were named.",
            "A state cannot be told of after exit code 125, or when the time is up (--timeout). It must end with 0 where it works, and with 1 to 124 where it does not."),
        BisectEnding.Narrowed => (
            $"It is snapshot {result.Bad}, or one of those before it that could not be told: {string.Join(", ", result.Untold)}.",
            $"'savepoint diff {result.Good} {result.Bad}' shows all that they did. A command that can tell of them (exit code other than 125) narrows it down."),
        BisectEnding.GoodIsBad when CodeAt(result, result.Good) is ExitCode.NotFound => (
            $"The command was not found at the good revision, snapshot {result.Good}: it ended with {ExitCode.NotFound}, as a shell does then.", "Look at how it is written, and whether what it runs is there in a copy of the workspace."),
        BisectEnding.GoodIsBad when CodeAt(result, result.Good) is ExitCode.NotExecutable => (
            $"The command could not be executed at the good revision, snapshot {result.Good}: it ended with {ExitCode.NotExecutable}, as a shell does then.", "Look at how it is written, and whether what it runs may be executed."),
        BisectEnding.GoodIsBad => ($"The command fails at the good revision, snapshot {result.Good}, already.", "Name an earlier one with --good, or look at the command: it must end with 0 there."),
        BisectEnding.BadIsGood => ($"The command does not fail at the bad revision, snapshot {result.Bad}.", "Name another one with --bad, or look at the command: it must end with 1 to 124 there."),
        _ => ($"The command ended with {result.Runs[^1].ExitCode} at snapshot {result.Runs[^1].Snapshot}, which calls the search off.", "Codes below 128 tell of a state: 0 good, 125 cannot be told, others bad."),
    };

    /// <summary>What is known of the state before: the one that was named as good need not have been told.</summary>
    public static string Before(BisectResult result) => result.Runs.Any(run => run.Snapshot == result.Good && run.IsGood == true)
        ? $"snapshot {result.Good} is good" : $"snapshot {result.Good} was named as good, and could not be told";

    private static int CodeAt(BisectResult result, SnapshotNumber state) => result.Runs.Last(run => run.Snapshot == state).ExitCode;

    private static void WriteRuns(Utf8JsonWriter json, BisectResult result)
    {
        json.WriteStartArray("runs");
        foreach (var run in result.Runs)
        {
            json.WriteStartObject();
            json.WriteSnapshot("snapshot", run.Snapshot);
            json.WriteNumber("exitCode", run.ExitCode);
            json.WriteString("result", Word(run));
            json.WriteNumber("durationMs", Math.Round(run.Duration.TotalMilliseconds, 3));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Show(Invocation invocation, SnapshotManager workspace, BisectResult result)
    {
        var (terminal, paint) = (invocation.Terminal, invocation.Paint);
        if (result.Ending == BisectEnding.GoodIsBad)
        {
            ShowOutput(terminal, result); // what the shell says of a mistyped command stands there
        }

        if (result.Ending is not (BisectEnding.Found or BisectEnding.Narrowed))
        {
            return;
        }

        terminal.Say($"{(result.Ending == BisectEnding.Found ? "Broken by" : "Broken at the latest by")} snapshot {paint.Number(result.Bad.ToString())}; {Before(result)}. {Quantity.Of(result.Runs.Count, "run")} for {Quantity.Of(result.StateCount, "snapshot")}, {Quantity.Duration(result.Elapsed)}.");
        terminal.Line(SnapshotText.Title(result.Culprit, workspace.Labels().Where(label => label.Snapshot == result.Bad), isUndone: false, paint));
        ShowOutput(terminal, result);
        PatchText.Write(terminal, PatchOf(workspace, result, PatchText.Options(terminal)));
    }

    private static void ShowOutput(Terminal terminal, BisectResult result)
    {
        foreach (var line in result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(MaxOutputLines))
        {
            terminal.Say($"  | {SafeText.Of(line)}");
        }
    }

    private static int Report(Terminal terminal, BisectResult result)
    {
        var (message, hint) = Problem(result);
        terminal.Error(message, hint);
        return ExitCode.Failed;
    }

    private static string Word(BisectedState run) => run.IsGood switch { true => "good", null => "untold", _ => "bad" };
}
