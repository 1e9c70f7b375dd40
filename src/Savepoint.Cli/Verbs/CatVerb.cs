using System.CommandLine;
using Savepoint.Cli.Arguments;
using Savepoint.Cli.Output;
using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary><c>cat</c>: the bytes of a file at a revision, and nothing else.</summary>
internal sealed class CatVerb() : Verb("cat", "Write the bytes of a file as it was at a revision.")
{
    private readonly Argument<string> _revision = new("REV") { Description = "The revision." };
    private readonly Argument<string> _path = new("PATH") { Description = "A file; of a symbolic link, the target is written." };

    public override IReadOnlyList<string> Examples =>
    [
        "savepoint cat @-1 src/app.cs                 # as it was one snapshot ago",
        "savepoint cat @{10m} notes.txt > notes.old   # as it was ten minutes ago",
    ];

    public override void Declare(Command command)
    {
        command.Add(_revision);
        command.Add(_path);
    }

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var revision = RevisionArgument.Parse(invocation.Get(_revision)!);
        await using var workspace = await invocation.OpenAsync(cancellationToken).ConfigureAwait(false);
        var path = invocation.PathOf(workspace, invocation.Get(_path)!);
        var resolved = ResolvedRevision.Find(workspace, revision, invocation.Terminal);
        var number = resolved.Number;
        var state = workspace.StateAt(number, path);
        if (state.ContentId is not { } content)
        {
            throw Missing(workspace, number, path, state);
        }

        if (invocation.Terminal.IsJson)
        {
            workspace.Contents.CopyTo(content, Stream.Null); // what is damaged is found before half a document is on its way
            invocation.Terminal.StreamJson(json =>
            {
                json.WriteStartObject();
                resolved.Write(json);
                json.WriteSnapshot("snapshot", number);
                json.WritePath("path", path);
                StateJson.Write(json, "state", state, workspace.Contents);
                json.WritePropertyName("contentBase64");
                using (var base64 = new Base64Segments(json))
                {
                    workspace.Contents.CopyTo(content, base64);
                }

                json.WriteEndObject();
            });
        }
        else
        {
            workspace.Contents.CopyTo(content, invocation.Terminal.Bytes);
        }

        return ExitCode.Done;
    }

    private static SavepointException Missing(SnapshotManager workspace, SnapshotNumber number, WorkspacePath path, FileState state)
    {
        if (state is FileState.Directory || (path.IsRoot && state.IsAbsent))
        {
            return new SavepointException(ErrorCode.RefusedPath, $"{SafeText.Of(path)} is a directory at snapshot {number}.", "Name a file in it.");
        }

        var hint = workspace.StateAt(workspace.Head!.Value, path).IsAbsent
            ? $"'savepoint log --path {SafeText.Of(path)}' lists the snapshots that changed it, if there are any."
            : $"The head, snapshot {workspace.Head}, has it; 'savepoint log --path {SafeText.Of(path)}' shows since when.";
        return new SavepointException(ErrorCode.UnknownRevision, $"There is no {SafeText.Of(path)} at snapshot {number}.", hint);
    }
}
