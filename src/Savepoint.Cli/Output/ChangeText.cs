using Savepoint.Model;

namespace Savepoint.Cli.Output;

/// <summary>Changes as lines: a letter as git's status has it, and the path.</summary>
internal static class ChangeText
{
    private const int MaxInline = 3;

    /// <summary>One change: <c>M src/a.cs</c>, <c>R old.cs → new.cs</c>.</summary>
    public static string Of(FileChange change, Paint paint)
    {
        var path = SafeText.Of(change.Path);
        return change switch
        {
            { OldPath: { } old } => $"{paint.Changed("R")} {SafeText.Of(old)} → {path}",
            { Kind: ChangeKind.Mode } => $"{paint.Changed("m")} {path} ({ModeOf(change.Before)} → {ModeOf(change.After)})",
            { Kind: ChangeKind.Mkdir } => $"{paint.Added("A")} {path}/",
            { Kind: ChangeKind.Rmdir } => $"{paint.Deleted("D")} {path}/",
            { Before.IsAbsent: true } => $"{paint.Added("A")} {path}",
            { After.IsAbsent: true } => $"{paint.Deleted("D")} {path}",
            { Kind: ChangeKind.Type } => $"{paint.Changed("T")} {path}",
            _ => $"{paint.Changed("M")} {path}",
        };
    }

    /// <summary>The first few changes in one line, and how many more there are.</summary>
    public static string Summary(IReadOnlyList<FileChange> changes, Paint paint)
    {
        if (changes.Count == 0)
        {
            return "no changes";
        }

        var shown = string.Join("  ", changes.Take(MaxInline).Select(change => Of(change, paint)));
        return changes.Count > MaxInline ? $"{shown}  and {changes.Count - MaxInline} more" : shown;
    }

    private static string ModeOf(FileState state) => state switch
    {
        FileState.Regular file => file.Mode.ToString(),
        FileState.Directory directory => directory.Mode.ToString(),
        _ => "none",
    };
}
