using System.Text.Json;
using Savepoint.Cli.Output;
using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary>How <c>branch</c> answers, but for <c>branch run</c>.</summary>
internal static class BranchAnswer
{
    private const int MaxPaths = 10;

    public static void List(Invocation invocation, SnapshotManager workspace)
    {
        var (terminal, branches) = (invocation.Terminal, workspace.Branches());
        if (terminal.IsJson)
        {
            terminal.Json(json =>
            {
                json.WriteStartObject();
                json.WriteString("branch", workspace.Branch);
                json.WriteStartArray("branches");
                foreach (var branch in branches)
                {
                    json.WriteStartObject();
                    WriteBranch(json, branch);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            });
            return;
        }

        var width = branches.Max(branch => branch.Name.Length);
        foreach (var branch in branches)
        {
            var isHere = branch.Name == workspace.Branch;
            var where = branch.Directory is { } directory ? $"{SafeText.Of(directory)}{(Directory.Exists(directory) ? "" : "  (gone)")}" : "overlay, for 'branch run'";
            terminal.Line($"{(isHere ? "@" : " ")} {SafeText.Of(branch.Name).PadRight(width)}  {invocation.Paint.Number(branch.Head.ToString()),6}{(branch.Fork is { } fork ? $"  from {fork}" : "")}  {where}");
        }
    }

    public static void Created(Invocation invocation, BranchResult made)
    {
        var (terminal, branch) = (invocation.Terminal, made.Branch);
        if (terminal.IsJson)
        {
            terminal.Json(json =>
            {
                json.WriteStartObject();
                WritePosition(json, branch, branch.Head);
                WriteMembers(json, made);
                json.WriteElapsed(made.Elapsed);
                json.WriteEndObject();
            });
        }
        else if (branch.Directory is { } directory)
        {
            terminal.Say($"Branch {SafeText.Of(branch.Name)} begins at snapshot {invocation.Paint.Number(branch.Head.ToString())}: {Copied(made)} in {Quantity.Duration(made.Elapsed)}.");
            terminal.Line($"  {SafeText.Of(directory)}");
        }
        else
        {
            terminal.Say($"Branch {SafeText.Of(branch.Name)} begins at snapshot {invocation.Paint.Number(branch.Head.ToString())}, in {Quantity.Duration(made.Elapsed)}. It is an overlay: 'savepoint branch run {SafeText.Of(branch.Name)} -- CMD' works in it.");
        }

        foreach (var note in Notes(made))
        {
            terminal.Note(note);
        }
    }

    /// <summary>That a branch was made on the way to something else, in a line.</summary>
    public static string Made(BranchResult made) => made.Branch.Directory is { } directory
        ? $"branch {made.Branch.Name} begins at snapshot {made.Branch.Head}: a copy, {directory}, since {made.Branch.Why ?? "it was asked for"}"
        : $"branch {made.Branch.Name} begins at snapshot {made.Branch.Head}: an overlay{(made.FileCount > 0 ? $" on a frozen copy of {Quantity.Of(made.FileCount, "file")}" : "")}";

    public static void Deleted(Invocation invocation, DeletedBranch deleted)
    {
        var (terminal, branch) = (invocation.Terminal, deleted.Branch);
        if (terminal.IsJson)
        {
            terminal.Json(json =>
            {
                json.WriteStartObject();
                WritePosition(json, branch, deleted.Captured);
                json.WriteString("deleted", branch.Name);
                json.WriteString("directory", branch.Directory);
                WriteSkipped(json, "unrecorded", deleted.Unrecorded);
                json.WriteElapsed(deleted.Elapsed);
                json.WriteEndObject();
            });
            return;
        }

        terminal.Say($"Deleted branch {SafeText.Of(branch.Name)}{(branch.Directory is { } directory ? $" and its copy, {SafeText.Of(directory)}" : "")}. Its snapshots, the newest is {branch.Head}, stay until 'savepoint gc'.");
        if (deleted.Captured is { } captured)
        {
            terminal.Note($"what was not recorded in it is in snapshot {captured}");
        }

        foreach (var line in CoverageText.Lines(new Coverage(deleted.Unrecorded.Count == 0, 0, deleted.Unrecorded)))
        {
            terminal.Note($"gone with it, {line}");
        }
    }

    private static void WritePosition(Utf8JsonWriter json, BranchSummary branch, SnapshotNumber? recorded)
    {
        json.WriteSnapshot("snapshot", recorded);
        json.WriteSnapshot("head", branch.Head);
        json.WriteString("branch", branch.Name);
    }

    private static void WriteBranch(Utf8JsonWriter json, BranchSummary branch)
    {
        json.WriteString("name", branch.Name);
        json.WriteSnapshot("head", branch.Head);
        json.WriteSnapshot("from", branch.Fork);
        json.WriteString("isolation", JsonNames.Of(branch.Isolation));
        json.WriteString("directory", branch.Directory);
        json.WriteString("why", branch.Why);
    }

    private static void WriteMembers(Utf8JsonWriter json, BranchResult made)
    {
        json.WriteSnapshot("from", made.Branch.Fork);
        json.WriteString("isolation", JsonNames.Of(made.Branch.Isolation));
        json.WriteString("directory", made.Branch.Directory);
        json.WriteString("why", made.Branch.Why);
        json.WriteSnapshot("captured", made.Captured);
        json.WriteNumber("files", made.FileCount);
        json.WriteNumber("bytes", made.SizeBytes);
        json.WriteNumber("sharedFiles", made.ClonedCount);
        WriteSkipped(json, "skipped", made.LeftOut);
        WritePaths(json, "retargetedLinks", made.Retargeted);
        WritePaths(json, "linksIntoWorkspace", made.LeadingBack);
    }

    private static void WriteSkipped(Utf8JsonWriter json, string name, IReadOnlyList<SkippedEntry> entries)
    {
        json.WriteStartArray(name);
        foreach (var skipped in entries)
        {
            json.WriteStartObject();
            json.WritePath("path", skipped.Path);
            json.WriteString("reason", JsonNames.Of(skipped.Reason));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WritePaths(Utf8JsonWriter json, string name, IReadOnlyList<WorkspacePath> paths)
    {
        json.WriteStartArray(name);
        foreach (var path in paths)
        {
            json.WriteStartObject();
            json.WritePath("path", path);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Copied(BranchResult made) =>
        $"{Quantity.Of(made.FileCount, "file")}, {Quantity.Bytes(made.SizeBytes)}{(made.ClonedCount > 0 ? ", of which the file system shares the blocks" : "")}";

    private static IEnumerable<string> Notes(BranchResult made)
    {
        if (made.Branch.Why is { } why)
        {
            yield return $"{JsonNames.Of(made.Branch.Isolation)}: {why}";
        }

        if (made.Captured is { } captured)
        {
            yield return $"what was not recorded yet is in snapshot {captured}";
        }

        foreach (var skipped in made.LeftOut.Take(MaxPaths))
        {
            yield return $"not copied: {SafeText.Of(skipped.Path)} ({JsonNames.Of(skipped.Reason)})";
        }

        foreach (var link in made.LeadingBack.Take(MaxPaths))
        {
            yield return $"the link {SafeText.Of(link)} leads into the workspace by an absolute path: writing through it writes there";
        }

        var more = Math.Max(0, made.LeftOut.Count - MaxPaths) + Math.Max(0, made.LeadingBack.Count - MaxPaths);
        if (more > 0)
        {
            yield return $"… and {more} more of those";
        }
    }
}
