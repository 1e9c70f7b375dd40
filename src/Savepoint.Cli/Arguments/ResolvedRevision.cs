using System.Text.Json;
using Savepoint.Cli.Output;
using Savepoint.Model;

namespace Savepoint.Cli.Arguments;

/// <summary>The snapshot that a revision names, and the number that was asked for if compaction freed that one's own state.</summary>
/// <param name="Number">The snapshot whose state is meant.</param>
/// <param name="Requested">The number that now stands for it; null if none does.</param>
internal readonly record struct ResolvedRevision(SnapshotNumber Number, SnapshotNumber? Requested)
{
    /// <summary>Finds it, and says if it is another than was asked for, or is shown as part of another.</summary>
    public static ResolvedRevision Find(SnapshotManager workspace, Revision revision, Terminal terminal)
    {
        var number = workspace.Resolve(revision);
        if (revision is not Revision.Numbered { Number: var asked } || workspace.FindMerged(asked) is not { } merged)
        {
            return new ResolvedRevision(number, null);
        }

        if (!merged.IsFreed)
        {
            terminal.Note($"snapshot {asked} was merged into {merged.First}–{merged.Last}; it is taken as it was recorded");
            return new ResolvedRevision(number, null);
        }

        terminal.Note($"snapshot {asked} was compacted into {merged.Last}, whose state is taken for it");
        return new ResolvedRevision(number, asked);
    }

    /// <summary>The snapshot behind which a listing begins; null for all of it, if the history is younger than the time that was given.</summary>
    /// <param name="revision">What was asked for.</param>
    /// <param name="find">Finds it.</param>
    public static SnapshotNumber? FindStart(Revision revision, Func<SnapshotNumber> find)
    {
        try
        {
            return find();
        }
        catch (SavepointException e) when (revision is Revision.Ago or Revision.At && e.Code == ErrorCode.UnknownRevision)
        {
            return null;
        }
    }

    /// <summary>Writes <c>requested</c> and <c>resolvedTo</c>, if they differ.</summary>
    public void Write(Utf8JsonWriter json)
    {
        if (Requested is { } requested)
        {
            json.WriteSnapshot("requested", requested);
            json.WriteSnapshot("resolvedTo", Number);
        }
    }
}
