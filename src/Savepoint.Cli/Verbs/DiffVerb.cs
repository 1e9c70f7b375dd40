using System.CommandLine;
using System.Text.Json;
using Savepoint.Cli.Arguments;
using Savepoint.Cli.Output;
using Savepoint.Diffs;
using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary><c>diff</c>: what differs between two revisions, or a revision and the working tree.</summary>
internal sealed class DiffVerb() : Verb("diff", "Show what differs between two revisions, or a revision and the files as they are now.")
{
    private readonly Argument<string?> _from = new("FROM") { Arity = ArgumentArity.ZeroOrOne, Description = "Where the diff starts; the head if it is left out. turn:ID or session:ID alone: what that did." };
    private readonly Argument<string?> _to = new("TO") { Arity = ArgumentArity.ZeroOrOne, Description = "Where it leads; the files as they are now if it is left out." };
    private readonly Option<string[]> _paths = new("--path") { HelpName = "P", AllowMultipleArgumentsPerToken = true, Description = "Only these files or directories." };
    private readonly Option<bool> _stat = new("--stat") { Description = "Only how many lines change in each file." };
    private readonly Option<bool> _reverse = new("--reverse") { Description = "The way back." };

    public override IReadOnlyList<string> Examples =>
    [
        "savepoint diff                           # what is not recorded yet",
        "savepoint diff @-3 @ --path src",
        "savepoint diff turn:t7 --reverse | git apply",
    ];

    public override void Declare(Command command)
    {
        command.Add(_from);
        command.Add(_to);
        command.Add(_paths);
        command.Add(_stat);
        command.Add(_reverse);
    }

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var from = RevisionArgument.Parse(invocation.Get(_from) ?? "@");
        var to = invocation.Get(_to) is { } text ? RevisionArgument.Parse(text) : null;
        await using var workspace = await invocation.OpenAsync(cancellationToken).ConfigureAwait(false);
        var paths = invocation.Paths(workspace, invocation.Get(_paths));
        var range = to is null ? await ActorRange.FindAsync(workspace, from, cancellationToken).ConfigureAwait(false) : null;
        var resolved = range is not null ? new ResolvedRevision(range.Before, null) : ResolvedRevision.Find(workspace, from, invocation.Terminal);
        var (start, end) = range is not null ? (range.Before, range.Last) : (resolved.Number, to is null ? (SnapshotNumber?)null : ResolvedRevision.Find(workspace, to, invocation.Terminal).Number);
        IReadOnlyList<WorkspacePath>? within = range is null ? paths
            : paths is null ? range.Touched()
            : [.. range.Touched().Where(path => Array.Exists(paths, path.IsWithin))];
        var (changes, patch) = await workspace.DiffAsync(start, end, within, PatchText.Options(invocation.Terminal, invocation.Get(_stat)), cancellationToken).ConfigureAwait(false);
        if (invocation.Get(_reverse))
        {
            (changes, patch) = ([.. changes.Select(change => change.Reverse())], patch.Reverse());
        }

        if (invocation.Terminal.IsJson)
        {
            var contents = end is null ? workspace.ContentsWithTree(invocation.Get(_reverse) ? changes.Select(change => change.Reverse()) : changes) : workspace.Contents;
            invocation.Terminal.Json(json => Write(json, workspace, resolved, end, changes, patch, contents));
        }
        else if (invocation.Get(_stat))
        {
            PatchText.WriteStat(invocation.Terminal, patch, changes, invocation.Paint);
        }
        else
        {
            PatchText.Write(invocation.Terminal, patch);
        }

        return ExitCode.Done;
    }

    private static void Write(Utf8JsonWriter json, SnapshotManager workspace, ResolvedRevision from, SnapshotNumber? to, IReadOnlyList<FileChange> changes, Patch patch, IContentSource contents)
    {
        json.WriteStartObject();
        from.Write(json);
        json.WriteSnapshot("from", from.Number);
        json.WriteSnapshot("to", to);
        json.WriteString("branch", workspace.Branch);
        ChangeJson.WriteAll(json, changes, contents);
        PatchJson.Write(json, patch, changes);
        json.WriteEndObject();
    }
}
