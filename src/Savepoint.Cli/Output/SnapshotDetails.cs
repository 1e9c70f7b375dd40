using Savepoint.Cli.Verbs;
using Savepoint.Model;

namespace Savepoint.Cli.Output;

/// <summary>All that is known of a snapshot, a line each, before its diff.</summary>
internal static class SnapshotDetails
{
    public static void Write(Invocation invocation, Snapshot snapshot, SnapshotMetadata metadata, MilestoneSnapshot? milestone, IEnumerable<Label> labels, bool isUndone, IReadOnlyList<WorkspacePath> forgotten)
    {
        var (terminal, paint) = (invocation.Terminal, invocation.Paint);
        terminal.Line(SnapshotText.Title(snapshot, labels, isUndone, paint).TrimStart());
        if (snapshot.Parent is { } parent)
        {
            terminal.Line($"Parent: {parent}");
        }

        if (snapshot.Actor.ToolCall is { } call)
        {
            terminal.Line($"Call:   {SafeText.Of(call)}");
        }

        if (snapshot.Git is { } git)
        {
            terminal.Line($"Git:    {SafeText.Of(git.Branch ?? "detached HEAD")} {git.Commit ?? "(no commit yet)"}");
        }

        terminal.Line($"Stored: {LayerText.Of(metadata)}");
        foreach (var line in milestone is null ? [] : MilestoneText.Lines(milestone))
        {
            terminal.Line($"In L3:  {line}");
        }

        foreach (var line in CoverageText.Lines(snapshot.Coverage))
        {
            terminal.Line($"Note:   {line}");
        }

        foreach (var path in forgotten)
        {
            terminal.Line($"  forgotten: {SafeText.Of(path)}");
        }

        foreach (var change in snapshot.Changes)
        {
            terminal.Line($"  {ChangeText.Of(change, paint)}");
        }

        terminal.Line();
    }
}
