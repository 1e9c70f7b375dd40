using System.CommandLine;
using System.Text.Json;
using Savepoint.Cli.Output;
using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary><c>forget</c>: erases a path's contents from all history.</summary>
internal sealed class ForgetVerb() : Verb("forget", "Erase what paths ever held from all history, for good.")
{
    private readonly Argument<string[]> _paths = new("PATH") { Arity = ArgumentArity.OneOrMore, Description = "A file, or a directory with all that was ever below it." };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Say what it would reach, and change nothing." };

    public override IReadOnlyList<string> Examples => ["savepoint forget --dry-run .env", "savepoint forget .env secrets/"];

    public override string Details => """
        The contents go from the database, its log and its free pages, from packs and from the milestones' archives, and cannot be
        had again. Every snapshot keeps its number and all else, and says which paths it forgot. A rollback leaves a forgotten
        path as it is.

        Not reached: the working tree, branches' working copies, exports, backups, and other paths that hold the same bytes. Those that
        are known are listed. A file that stands in the tree and is not ignored is recorded again by the next capture.
        """;

    public override void Declare(Command command)
    {
        command.Add(_paths);
        command.Add(_dryRun);
    }

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var dryRun = invocation.Get(_dryRun);
        await using var workspace = await invocation.OpenAsync(cancellationToken).ConfigureAwait(false);
        var paths = invocation.Paths(workspace, invocation.Get(_paths))!;
        using var progress = Progress.Start(invocation.Terminal, "erasing");
        var done = await workspace.ForgetAsync(paths, dryRun, cancellationToken).ConfigureAwait(false);
        progress.Dispose();
        if (invocation.Terminal.IsJson)
        {
            invocation.Terminal.Json(json => Write(json, workspace, done, dryRun));
        }
        else
        {
            Show(invocation.Terminal, done, dryRun);
        }

        return ExitCode.Done;
    }

    private static void Write(Utf8JsonWriter json, SnapshotManager workspace, ForgetResult done, bool dryRun)
    {
        json.WriteStartObject();
        json.WritePosition(workspace, null);
        json.WriteBoolean("dryRun", dryRun);
        WritePaths(json, "forgotten", done.Paths);
        json.WriteStartArray("snapshots");
        foreach (var snapshot in done.Snapshots)
        {
            json.WriteNumberValue(snapshot.Value);
        }

        json.WriteEndArray();
        json.WriteNumber("erasedContents", done.ErasedContents);
        WritePaths(json, "sameContentAt", done.KeptContents);
        WritePaths(json, "inWorkingTree", done.InTree);
        json.WriteStartArray("notReached");
        foreach (var line in done.NotReached)
        {
            json.WriteStringValue(line);
        }

        json.WriteEndArray();
        json.WriteNumber("bytesBefore", done.BytesBefore);
        json.WriteNumber("bytesAfter", done.BytesAfter);
        json.WriteEndObject();
    }

    private static void WritePaths(Utf8JsonWriter json, string name, IReadOnlyList<WorkspacePath> paths)
    {
        json.WriteStartArray(name);
        foreach (var path in paths)
        {
            json.WriteStartObject();
            json.WritePath("path", path);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Show(Terminal terminal, ForgetResult done, bool dryRun)
    {
        if (done.Paths.Count == 0)
        {
            terminal.Say($"The history knows nothing at these paths.{(dryRun ? "" : " What no snapshot names any more, and may have been theirs, is erased.")}");
        }
        else
        {
            terminal.Say($"{Quantity.Of(done.Paths.Count, "path")} {(dryRun ? "would be" : done.Paths.Count == 1 ? "is" : "are")} forgotten, with {Quantity.Of(done.ErasedContents, "content")} in {Quantity.Of(done.Snapshots.Count, "snapshot")}:");
            foreach (var path in done.Paths)
            {
                terminal.Say($"  {SafeText.Of(path)}");
            }
        }

        foreach (var path in done.InTree)
        {
            terminal.Line($"in the working tree: {SafeText.Of(path)} (the next capture records it again, unless it is deleted or ignored)");
        }

        foreach (var path in done.KeptContents)
        {
            terminal.Line($"the same bytes stay at: {SafeText.Of(path)}");
        }

        if (done.Paths.Count > 0)
        {
            foreach (var line in done.NotReached)
            {
                terminal.Line($"not reached: {SafeText.Of(line)}");
            }
        }
    }
}
