using System.Globalization;
using Savepoint.Model;

namespace Savepoint.Cli.Output;

/// <summary>A snapshot in a line or two, for people.</summary>
internal static class SnapshotText
{
    private const string MainBranch = "main";

    /// <summary>Number, time, kind, branch, actor, message and labels.</summary>
    public static string Title(Snapshot snapshot, IEnumerable<Label> labels, bool isUndone, Paint paint) =>
        Title(snapshot, Actor(snapshot), labels, isUndone, paint);

    /// <summary>The same below a heading that names the actor: of whose doing it is, the tool alone.</summary>
    public static string TitleBelowHeading(Snapshot snapshot, IEnumerable<Label> labels, bool isUndone, Paint paint) =>
        Title(snapshot, SafeText.Of(snapshot.Tool ?? ""), labels, isUndone, paint);

    /// <summary>A time where the user is, to the second.</summary>
    public static string Time(DateTimeOffset time) => time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>Agent, session, turn and tool, as far as they are known.</summary>
    public static string Actor(Snapshot snapshot)
    {
        string?[] known = [snapshot.Actor.Agent, snapshot.Actor.Session, snapshot.Actor.Turn];
        var actor = string.Join('/', known.Where(part => !string.IsNullOrEmpty(part)));
        var tool = string.IsNullOrEmpty(snapshot.Tool) ? "" : actor.Length > 0 ? $" {snapshot.Tool}" : snapshot.Tool;
        return SafeText.Of(actor + tool);
    }

    private static string Title(Snapshot snapshot, string actor, IEnumerable<Label> labels, bool isUndone, Paint paint)
    {
        var parts = new List<string>
        {
            paint.Number(snapshot.Number.ToString().PadLeft(4)),
            paint.Dim(Time(snapshot.Time)),
            Kind(snapshot),
        };
        if (actor.Length > 0)
        {
            parts.Add(paint.Actor(actor));
        }

        if (snapshot.Branch != MainBranch)
        {
            parts.Add(paint.Dim(SafeText.Of($"on {snapshot.Branch}")));
        }

        if (snapshot.Message is { Length: > 0 } message && message != Kind(snapshot))
        {
            parts.Add(SafeText.Of(message));
        }

        if (snapshot.OperationCount > 1)
        {
            parts.Add(paint.Dim(snapshot.MergedFrom is { } first ? $"({snapshot.OperationCount} operations, {first}–{snapshot.Number})" : $"({snapshot.OperationCount} operations)"));
        }

        if (snapshot.ExitCode is { } exitCode and not 0)
        {
            parts.Add(paint.Deleted($"exit {exitCode}"));
        }

        parts.AddRange(labels.Select(label => paint.Label($"[{SafeText.Of(label.Name)}]")));
        if (isUndone)
        {
            parts.Add(paint.Dim("(undone)"));
        }

        return string.Join("  ", parts);
    }

    private static string Kind(Snapshot snapshot) => snapshot switch
    {
        { Kind: SnapshotKind.Operation } => "edit",
        { Kind: SnapshotKind.Revert or SnapshotKind.Merge, Target: { } target } => $"{JsonNames.Of(snapshot.Kind)} of {target}",
        { Target: { } target } => $"{JsonNames.Of(snapshot.Kind)} to {target}",
        _ => JsonNames.Of(snapshot.Kind),
    };
}
