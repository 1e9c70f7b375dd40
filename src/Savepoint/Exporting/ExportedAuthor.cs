using System.Text;
using Savepoint.Model;

namespace Savepoint.Exporting;

/// <summary>Who made a snapshot, as git names people.</summary>
internal static class ExportedAuthor
{
    private const string Nobody = "savepoint";
    private const int MaxPathsInSubject = 2;

    /// <summary><c>NAME &lt;NAME@savepoint.invalid&gt;</c>; the agent, or savepoint where none is known.</summary>
    public static string Of(Actor actor)
    {
        var name = Clean(actor.Agent ?? Nobody);
        name = name.Length == 0 ? Nobody : name;
        return $"{name} <{name.Replace(' ', '-')}@savepoint.invalid>";
    }

    /// <summary>The first line of what is known about a snapshot; of an edit without a message, the paths that it changed.</summary>
    public static string Subject(Snapshot snapshot)
    {
        var first = (snapshot.Message ?? "").Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.Length > 0);
        return first ?? $"{snapshot.Kind} {snapshot.Number}{(snapshot.Tool is { } tool ? $" by {OneLine(tool)}" : "")}{Paths(snapshot)}";
    }

    private static string Paths(Snapshot snapshot)
    {
        if (snapshot.Kind is not (SnapshotKind.Operation or SnapshotKind.Drift) || snapshot.Changes.Count == 0)
        {
            return "";
        }

        var left = snapshot.Changes.Count - MaxPathsInSubject;
        return $": {string.Join(", ", snapshot.Changes.Take(MaxPathsInSubject).Select(change => OneLine(change.Path.ToString())))}{(left > 0 ? $" and {left} more" : "")}";
    }

    /// <summary>What is known about a snapshot, as trailers that <c>git interpret-trailers</c> reads.</summary>
    public static string Trailers(Snapshot snapshot)
    {
        var trailers = new StringBuilder();
        foreach (var (name, value) in (ReadOnlySpan<(string, string?)>)
        [
            ("Snapshot", snapshot.Number.ToString()),
            ("Kind", snapshot.Kind.ToString().ToLowerInvariant()),
            ("Target", snapshot.Target?.ToString()),
            ("Session", snapshot.Actor.Session),
            ("Turn", snapshot.Actor.Turn),
            ("Tool", snapshot.Tool),
            ("Exit-Code", snapshot.ExitCode?.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        ])
        {
            if (!string.IsNullOrEmpty(value))
            {
                trailers.Append("Savepoint-").Append(name).Append(": ").Append(OneLine(value)).Append('\n');
            }
        }

        return trailers.ToString();
    }

    /// <summary>Without what ends a line.</summary>
    public static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));

    // What git takes for the end of a name.
    private static string Clean(string name) => string.Concat(OneLine(name).Where(c => c is not ('<' or '>'))).Trim(' ', '.', ',', ':', ';', '"', '\\', '\'');
}
