using Savepoint.Cli.Output;
using Savepoint.Diffs;
using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary>What <c>turn:ID</c> or <c>session:ID</c> stands for where it stands alone: not the state before it, but what it did.</summary>
internal static class ActorWork
{
    /// <summary>What the turn or session did; null for any other revision.</summary>
    /// <exception cref="SavepointException">The history knows no turn or session of this id.</exception>
    public static SessionSnapshot? Find(SnapshotManager workspace, Revision revision, PatchOptions options)
    {
        var (isActor, work) = revision switch
        {
            Revision.BeforeTurn { Turn: var turn } => (true, workspace.FindTurn(turn, options)),
            Revision.BeforeSession { Session: var session } => (true, workspace.FindSession(session, options)),
            _ => (false, null),
        };
        if (isActor && work is null)
        {
            var before = workspace.Resolve(revision); // says what there is instead, where nobody has heard of it
            throw new SavepointException(ErrorCode.UnknownRevision, "Nothing is recorded as the doing of that turn.", $"'savepoint diff {before}' shows all that has changed since it began, 'savepoint rollback {before}' goes back there.");
        }

        return work;
    }

    /// <summary>Says on standard error which parts of the combined diff are in pieces, and between whose changes.</summary>
    public static void NoteInterleaved(Terminal terminal, IReadOnlyList<InterleavedPath> interleaved)
    {
        foreach (var path in interleaved)
        {
            terminal.Note($"others changed {SafeText.Of(path.Path)} in between ({string.Join(", ", path.Others)}): its part of the diff is in pieces, each against what it found");
        }
    }
}
