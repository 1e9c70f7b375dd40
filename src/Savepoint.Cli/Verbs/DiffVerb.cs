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
    private readonly Option<string[]> _paths = new("--path") { HelpName = "P", Description = "Only this file or directory; may be given again." };
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
        var options = PatchText.Options(invocation.Terminal, invocation.Get(_stat));
        var work = to is null ? ActorWork.Find(workspace, from, options) : null;
        var resolved = work is not null ? new ResolvedRevision(work.Before, null) : ResolvedRevision.Find(workspace, from, invocation.Terminal);
        var end = work?.Newest.Number ?? (to is null ? (SnapshotNumber?)null : ResolvedRevision.Find(workspace, to, invocation.Terminal).Number);
        var (changes, patch) = work is null ? await workspace.DiffAsync(resolved.Number, end, paths, options, cancellationToken).ConfigureAwait(false)
            : paths is null ? (work.Changes, work.CombinedDiff)
            : Within(paths, work, workspace, options);
        if (invocation.Get(_reverse))
        {
            (changes, patch) = ([.. changes.Select(change => change.Reverse())], patch.Reverse());
        }

        if (invocation.Terminal.IsJson)
        {
            var contents = end is null ? workspace.ContentsWithTree(invocation.Get(_reverse) ? changes.Select(change => change.Reverse()) : changes) : workspace.Contents;
            invocation.Terminal.Json(json => Write(json, workspace, (resolved, end), changes, patch, work, contents));
        }
        else if (invocation.Get(_stat))
        {
            PatchText.WriteStat(invocation.Terminal, patch, changes, invocation.Paint);
        }
        else
        {
            PatchText.Write(invocation.Terminal, patch);
        }

        if (work is not null)
        {
            ActorWork.NoteInterleaved(invocation.Terminal, work.Interleaved);
        }

        return ExitCode.Done;
    }

    private static (IReadOnlyList<FileChange> Changes, Patch Patch) Within(WorkspacePath[] paths, SessionSnapshot work, SnapshotManager workspace, PatchOptions options)
    {
        List<FileChange> changes = [.. work.Changes.SelectMany(change => change.At(paths))];
        return (changes, Patch.Create(changes, workspace.Contents, options));
    }

    private static void Write(
        Utf8JsonWriter json, SnapshotManager workspace, (ResolvedRevision From, SnapshotNumber? To) range, IReadOnlyList<FileChange> changes, Patch patch, SessionSnapshot? work, IContentSource contents)
    {
        json.WriteStartObject();
        range.From.Write(json);
        json.WriteSnapshot("from", range.From.Number);
        json.WriteSnapshot("to", range.To);
        json.WriteString("branch", workspace.Branch);
        ChangeJson.WriteAll(json, changes, contents);
        PatchJson.Write(json, patch, changes);
        if (work is not null)
        {
            SessionJson.WriteInterleaved(json, work.Interleaved);
        }

        json.WriteEndObject();
    }
}
