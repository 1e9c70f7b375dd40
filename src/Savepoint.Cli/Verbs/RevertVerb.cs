using System.CommandLine;
using Savepoint.Cli.Arguments;
using Savepoint.Cli.Output;
using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary><c>revert</c>: takes one operation back and keeps all that came later.</summary>
internal sealed class RevertVerb() : Verb("revert", "Take back what one operation did, and keep all later work.")
{
    private readonly Argument<string?> _revision = new("REV") { Arity = ArgumentArity.ZeroOrOne, Description = "The snapshot of the operation." };
    private readonly Option<string[]> _paths = new("--path") { HelpName = "P", AllowMultipleArgumentsPerToken = true, Description = "Take back only what it did to these files or directories." };
    private readonly Option<int?> _hunk = new("--hunk") { HelpName = "N", Description = "Take back only this hunk, 1 for the first that 'savepoint show REV' has, or has of --path." };
    private readonly ConflictOption _conflict = new();

    public override IReadOnlyList<string> Examples =>
    [
        "savepoint revert 42",
        "savepoint revert 42 --path src/app.cs --hunk 2   # only the second hunk of one file",
        "savepoint revert 42 --conflict=markers           # write what conflicts, to be mended by hand",
    ];

    public override string Details => """
        Where later work changed the same lines, the conflicts are listed, nothing is written, and the exit code is 3; with --conflict=markers
        all else is taken back, what is here is kept where no markers can be (no text), and it counts as taken back. A revert is undone like any operation.
        """;

    public override void Declare(Command command)
    {
        command.Add(_revision);
        command.Add(_paths);
        command.Add(_hunk);
        _conflict.Declare(command);
    }

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var (text, written) = invocation.ArgumentBeside(_revision, _paths);
        var revision = RevisionArgument.Parse(text ?? throw new UsageException("The snapshot to revert is missing."));
        if (revision is Revision.BeforeTurn or Revision.BeforeSession)
        {
            throw new UsageException($"{text} names the state before it, not an operation.", "'savepoint undo --turn T' or '--session S' takes back what it did, an operation at a time.");
        }

        if (invocation.Get(_hunk) is < 1 and var hunk)
        {
            throw new UsageException($"{hunk} is no hunk: 1 is the first.");
        }

        var writesMarkers = _conflict.WritesMarkers(invocation);
        await using var workspace = await invocation.OpenAsync(cancellationToken).ConfigureAwait(false);
        var options = new RevertOptions { Paths = invocation.Paths(workspace, written), HunkNumber = invocation.Get(_hunk), WritesMarkers = writesMarkers };
        var operation = ResolvedRevision.Find(workspace, revision, invocation.Terminal);
        using var progress = Progress.Start(invocation.Terminal, "reverting");
        var result = await workspace.RevertAsync(operation.Number, options, null, cancellationToken).ConfigureAwait(false);
        progress.Dispose();
        NoteUntouched(invocation, workspace.GetSnapshot(operation.Number), options.Paths ?? []);
        return RestoreAnswer.Give(invocation, workspace, Name, result, operation);
    }

    /// <summary>A path that was mistyped would else look as if nothing were left of what was done there.</summary>
    private static void NoteUntouched(Invocation invocation, Snapshot operation, IEnumerable<WorkspacePath> paths)
    {
        foreach (var path in paths.Where(path => !operation.Changes.Any(change => change.Path.IsWithin(path) || change.OldPath?.IsWithin(path) == true)))
        {
            invocation.Terminal.Note($"snapshot {operation.Number} changed nothing at {SafeText.Of(path)}: is it mistyped? 'savepoint show {operation.Number}' names its paths");
        }
    }
}
