using Savepoint.Model;

namespace Savepoint.Cli.Output;

/// <summary>Between whom a conflict is.</summary>
internal enum ConflictSides
{
    /// <summary>An operation that is taken back, and later work.</summary>
    LaterWork,

    /// <summary>Two branches.</summary>
    Branches,
}

/// <summary>What could not be brought together, for people.</summary>
internal static class ConflictText
{
    private const int MaxOthers = 5;

    /// <summary>A line for each path and each range of lines.</summary>
    /// <param name="terminal">Where.</param>
    /// <param name="result">What conflicts.</param>
    /// <param name="find">A snapshot by its number, for whose later work it is.</param>
    public static void List(Terminal terminal, RestoreResult result, Func<SnapshotNumber, Snapshot> find)
    {
        foreach (var conflict in result.Conflicts)
        {
            terminal.Line($"  {Line(conflict, find, isWritten: result.Snapshot is not null)}");
        }
    }

    /// <summary>One path: what kind of conflict, where, why, and with which snapshots of whom; once it is written, what stands there now, and where the other side is.</summary>
    public static string Line(MergeConflict conflict, Func<SnapshotNumber, Snapshot>? find = null, ConflictSides sides = ConflictSides.LaterWork, bool isWritten = false)
    {
        var where = conflict.Ranges.Count == 0 ? "" : $", {string.Join(", ", conflict.Ranges.Select(range => Lines(range.Ours)))}";
        var others = conflict.Others.TakeLast(MaxOthers).Select(other => find is not null && SnapshotText.Actor(find(other)) is { Length: > 0 } actor ? $"{other} by {actor}" : $"{other}").ToList();
        var why = sides == ConflictSides.Branches ? WhyOfBranches(conflict.Kind) : Why(conflict.Kind);
        return $"{JsonNames.Of(conflict.Kind),-13} {SafeText.Of(conflict.Path)}{where}: {why}{(others.Count == 0 ? "" : $" ({string.Join(", ", others)})")}{(isWritten ? $"; {Standing(conflict, sides)}" : "")}";
    }

    /// <summary>What was written of a merge that conflicts, behind "all else was merged": nobody shall look for markers where none stand.</summary>
    public static string Written(IReadOnlyList<MergeConflict> conflicts)
    {
        var kept = conflicts.Count(conflict => conflict.MarkedPath is null);
        return kept == 0 ? "lines that conflict stand between markers"
            : kept == conflicts.Count ? "where there can be no markers, what was here was kept"
            : $"lines that conflict stand between markers, and what was here was kept in {Quantity.Of(kept, "path")} where there can be none";
    }

    /// <summary>What to do about it then.</summary>
    public static string Mend(IReadOnlyList<MergeConflict> conflicts, SnapshotNumber snapshot, ConflictSides sides)
    {
        var counts = conflicts.All(conflict => conflict.MarkedPath is not null) ? ""
            : sides == ConflictSides.Branches ? " What theirs has there counts as merged from now on: no later merge brings it." : " What was kept there counts as decided.";
        return $"Mend them and capture; 'savepoint undo' takes all of it, snapshot {snapshot}, back.{counts}";
    }

    private static string Standing(MergeConflict conflict, ConflictSides sides)
    {
        if (conflict.MarkedPath is { } marked)
        {
            return marked == conflict.Path ? "both versions stand between markers" : $"both versions stand between markers in {SafeText.Of(marked)}";
        }

        var isOfBranches = sides == ConflictSides.Branches;
        var (ours, theirs) = (isOfBranches ? "ours was kept" : "it was left as it is", isOfBranches ? "theirs" : "what was there before");
        ours = conflict.Kind == MergeConflictKind.DeleteModify ? "it stays deleted" : ours;
        return conflict is { TheirPath: { } path, TheirSnapshot: { } snapshot }
            ? $"{ours}; {theirs} is in snapshot {snapshot}: 'savepoint {(ShowsAll(conflict) ? $"cat {snapshot}" : $"diff {snapshot} --path")} {CommandText.Quote(SafeText.Of(path))}'"
            : $"{ours}; {(isOfBranches ? "theirs has nothing there" : "nothing was there before")}";
    }

    /// <summary>Whether the bytes are all that matters of theirs.</summary>
    private static bool ShowsAll(MergeConflict conflict) => conflict.Theirs.ContentId is not null && conflict.Kind != MergeConflictKind.Mode;

    /// <summary>Says on standard error that there is a conflict and what can be done; gives the exit code.</summary>
    public static int Report(Terminal terminal, RestoreResult result)
    {
        var count = Quantity.Of(result.Conflicts.Count, "path");
        if (result.Snapshot is { } snapshot)
        {
            terminal.Error($"Snapshot {result.Target} conflicts with later work in {count}. All else was inverted; {Written(result.Conflicts)}.", Mend(result.Conflicts, snapshot, ConflictSides.LaterWork));
        }
        else
        {
            var markers = HasLines(result.Conflicts) ? $"'savepoint revert {result.Target} --conflict=markers' writes both versions of lines that conflict; " : "No lines of text conflict that could be written between markers; ";
            terminal.Error($"Snapshot {result.Target} conflicts with later work in {count}. Nothing was written.", $"{markers}--path and --hunk invert a part.");
        }

        return ExitCode.Conflict;
    }

    /// <summary>Whether there are lines of which both versions can be written: not of a binary file, nor of one that a side deleted.</summary>
    public static bool HasLines(IEnumerable<MergeConflict> conflicts) => conflicts.Any(conflict => conflict.Ranges.Count > 0);

    /// <summary>How a merge of branches that wrote nothing can be brought about.</summary>
    public static string WayToMerge(string branch, SnapshotNumber theirs, IReadOnlyList<MergeConflict> conflicts) => HasLines(conflicts)
        ? $"'savepoint merge {branch} --conflict=markers' writes both versions of lines that conflict; or merge this branch into that one, in its own directory, and mend it there."
        : $"No lines of text conflict that could be written between markers; 'savepoint rollback {theirs} --path PATH' takes a path as {branch} has it, then merge again; --conflict=markers keeps what is here, and counts as merged.";

    private static string WhyOfBranches(MergeConflictKind kind) => kind switch
    {
        MergeConflictKind.Content => "both changed it, or lines next to each other",
        MergeConflictKind.Binary => "both changed it, and it is no text",
        MergeConflictKind.TooLarge => "both changed it, and it is too large to be merged by lines",
        MergeConflictKind.ModifyDelete => "changed or moved here, and deleted there",
        MergeConflictKind.DeleteModify => "deleted here, and changed or moved there",
        MergeConflictKind.AddAdd => "both put something there",
        MergeConflictKind.Mode => "both changed its permission bits",
        MergeConflictKind.Symlink => "points elsewhere in each",
        MergeConflictKind.Type => "another kind of entry in each",
        MergeConflictKind.Rename => "moved to another place in each",
        _ => "a directory with other entries is in the way, or none is where one is needed",
    };

    private static string Lines(LineRange lines) => lines.Count switch
    {
        0 => $"at line {lines.Start + 1}",
        1 => $"line {lines.Start + 1}",
        _ => $"lines {lines.Start + 1}-{lines.Start + lines.Count}",
    };

    private static string Why(MergeConflictKind kind) => kind switch
    {
        MergeConflictKind.Content => "changed since, or next to what was",
        MergeConflictKind.Binary => "changed since, and no text",
        MergeConflictKind.TooLarge => "changed since, and too large to be merged by lines",
        MergeConflictKind.ModifyDelete => "changed since, and would be deleted",
        MergeConflictKind.DeleteModify => "not there any more",
        MergeConflictKind.AddAdd => "something else stands there now",
        MergeConflictKind.Mode => "its permission bits were changed since",
        MergeConflictKind.Symlink => "points elsewhere since",
        MergeConflictKind.Type => "another kind of entry now",
        MergeConflictKind.Rename => "moved since",
        _ => "a directory with other entries is in the way, or none is where one is needed",
    };
}
