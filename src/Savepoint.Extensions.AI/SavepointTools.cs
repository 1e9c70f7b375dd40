using Microsoft.Extensions.AI;
using Savepoint.Editing;
using Savepoint.Model;

namespace Savepoint.Extensions.AI;

/// <summary>
/// The seed's editing tools for a model: <see cref="EditingTools"/> as <see cref="AIFunction"/>s. Give them to
/// <c>ChatOptions.Tools</c>. Each answers with <c>success</c>, <c>message</c>, <c>diff</c>, <c>changesApplied</c>,
/// <c>affectedFiles</c>, <c>multiFileResults</c> and <c>snapshot</c>.
/// </summary>
public static class SavepointTools
{
    private const string PathMeaning = "Path of the file, relative to the workspace root.";

    /// <summary>Makes the tools of one workspace.</summary>
    /// <param name="manager">The workspace, which stays the caller's to dispose of, after the last call.</param>
    /// <param name="options">Null for <see cref="SavepointToolOptions.Default"/>.</param>
    public static IList<AIFunction> Create(SnapshotManager manager, SavepointToolOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(manager);
        options ??= SavepointToolOptions.Default;
        var tools = new EditingTools(manager);
        List<AIFunction> made = [WholeFile(tools, options), UnifiedDiff(tools, options), Block(tools, options), Range(tools, options), Delete(tools, options), Rename(tools, options), Reverse(tools, options)];
        if (options.HasUndo)
        {
            made.Add(Undo(manager, options));
            made.Add(Redo(manager, options));
        }

        return made;
    }

    private static SavepointTool WholeFile(EditingTools tools, SavepointToolOptions options) => Edit(
        "apply_whole_file_edit",
        "Create a file, or overwrite one completely. Missing directories are created. An existing file keeps its encoding and line endings. To change a part of a file, use apply_edit_block.",
        [
            new("path", "string", PathMeaning),
            new("content", "string", "The complete new content."),
            new("encoding", "string", "'base64' if content is the base64 of a binary file's bytes; 'text' or null otherwise.", IsOptional: true) { Choices = ["text", "base64"] },
        ],
        options,
        (arguments, context, cancellationToken) => arguments.TextOrNull("encoding") == "base64"
            ? tools.ApplyWholeFileEditAsync(arguments.Text("path"), Base64(arguments.Text("content")), context, cancellationToken)
            : tools.ApplyWholeFileEditAsync(arguments.Text("path"), arguments.Text("content"), context, cancellationToken));

    private static SavepointTool UnifiedDiff(EditingTools tools, SavepointToolOptions options) => Edit(
        "apply_unified_diff",
        "Apply a unified diff to one or several files: all of it, or nothing if any part does not fit. Use /dev/null as the old name to create a file and as the new name to delete one.",
        [
            new("diffContent", "string", "The diff, with ---, +++ and @@ lines, as git writes it."),
            new("baseDir", "string", "Directory that the diff's paths are relative to; null for the workspace root.", IsOptional: true),
        ],
        options,
        (arguments, context, cancellationToken) => tools.ApplyUnifiedDiffAsync(arguments.Text("diffContent"), arguments.TextOrNull("baseDir"), context, cancellationToken));

    private static SavepointTool Block(EditingTools tools, SavepointToolOptions options) => Edit(
        "apply_edit_block",
        "Replace one block of text in a file. searchBlock must occur exactly once: include enough lines around the change. If it does not occur, or more than once, nothing changes and the answer shows where the nearest places are.",
        [
            new("path", "string", PathMeaning),
            new("searchBlock", "string", "The text to replace, copied exactly from the file. Empty to create a new file."),
            new("replaceBlock", "string", "The text that takes its place. Empty to remove the block."),
            new("ignoreWhitespace", "boolean", "True to also find whole lines that differ from searchBlock only in white space. Default false.", IsOptional: true),
        ],
        options,
        (arguments, context, cancellationToken) => tools.ApplyEditBlockAsync(
            arguments.Text("path"), arguments.Text("searchBlock"), arguments.Text("replaceBlock"), arguments.Flag("ignoreWhitespace", otherwise: false), context, cancellationToken));

    private static SavepointTool Range(EditingTools tools, SavepointToolOptions options) => Edit(
        "apply_ranged_edit",
        "Replace lines of a file by line number. Lines count from 1 and both ends are included. To insert before line N: startLine N, endLine N-1. To append at the end: startLine -1, endLine -1.",
        [
            new("path", "string", PathMeaning),
            new("content", "string", "The new lines. Empty to remove the range."),
            new("startLine", "integer", "First line to replace, from 1; -1 with endLine -1 to append."),
            new("endLine", "integer", "Last line to replace; -1 for the end of the file; startLine - 1 to replace nothing and insert."),
        ],
        options,
        (arguments, context, cancellationToken) => tools.ApplyRangedEditAsync(
            arguments.Text("path"), arguments.Text("content"), arguments.Number("startLine"), arguments.Number("endLine"), context, cancellationToken));

    private static SavepointTool Delete(EditingTools tools, SavepointToolOptions options) => Edit(
        "delete_path",
        "Delete a file, a symbolic link, or a directory. What is deleted is recorded first and can be brought back with undo.",
        [
            new("path", "string", "Path to delete, relative to the workspace root."),
            new("recursive", "boolean", "True to delete a directory with everything in it. Default false.", IsOptional: true),
        ],
        options,
        (arguments, context, cancellationToken) => tools.DeleteAsync(arguments.Text("path"), arguments.Flag("recursive", otherwise: false), context, cancellationToken));

    private static SavepointTool Rename(EditingTools tools, SavepointToolOptions options) => Edit(
        "rename_path",
        "Move or rename a file or directory. Nothing may exist at the new path. Missing directories are created.",
        [new("path", "string", "Path to move, relative to the workspace root."), new("newPath", "string", "Where to move it.")],
        options,
        (arguments, context, cancellationToken) => tools.RenameAsync(arguments.Text("path"), arguments.Text("newPath"), context, cancellationToken));

    private static SavepointTool Reverse(EditingTools tools, SavepointToolOptions options) => Edit(
        "reverse_diff",
        "Take back the changes of a unified diff, such as one that another tool answered with. Later changes elsewhere stay.",
        [
            new("diffContent", "string", "The diff as it was applied."),
            new("includeFiles", "array", "Only files that match one of these globs, such as *.cs or src/**; null for all.", IsOptional: true),
            new("excludeFiles", "array", "Leave out files that match one of these globs; null for none.", IsOptional: true),
            new("checkConflicts", "boolean", "True (the default): all files or none. False: files that no longer fit are left as they are and named in the answer.", IsOptional: true),
        ],
        options,
        (arguments, context, cancellationToken) => tools.ReverseDiffAsync(
            arguments.Text("diffContent"), arguments.Texts("includeFiles"), arguments.Texts("excludeFiles"), arguments.Flag("checkConflicts", otherwise: true), context, cancellationToken));

    private static SavepointTool Undo(SnapshotManager manager, SavepointToolOptions options) => new(
        "undo",
        "Undo the last operation in the workspace, whoever made it, or the last several. Files become what they were before. Can itself be taken back with redo.",
        [new("steps", "integer", "How many operations to undo, 1 or more. Default 1.", IsOptional: true)],
        options,
        async (arguments, context, cancellationToken) =>
            ToolResult.Of(await manager.UndoAsync(arguments.NumberOrNull("steps") ?? 1, context, cancellationToken).ConfigureAwait(false), "There is nothing to undo."));

    private static SavepointTool Redo(SnapshotManager manager, SavepointToolOptions options) => new(
        "redo",
        "Redo what was just undone. Only possible directly after undo.",
        [new("steps", "integer", "How many operations to redo, 1 or more. Default 1.", IsOptional: true)],
        options,
        async (arguments, context, cancellationToken) =>
            ToolResult.Of(await manager.RedoAsync(arguments.NumberOrNull("steps") ?? 1, context, cancellationToken).ConfigureAwait(false), "There is nothing to redo."));

    private static SavepointTool Edit(
        string name, string description, IReadOnlyList<ToolParameter> parameters, SavepointToolOptions options, Func<ToolArguments, CaptureContext, CancellationToken, Task<EditResult>> edit) =>
        new(name, description, parameters, options, async (arguments, context, cancellationToken) =>
            ToolResult.Of(await edit(arguments, context, cancellationToken).ConfigureAwait(false), options.MaxDiffLength));

    private static ReadOnlyMemory<byte> Base64(string content)
    {
        try
        {
            return Convert.FromBase64String(content);
        }
        catch (FormatException)
        {
            throw new ArgumentException("The argument 'content' cannot be used: it is not base64.");
        }
    }
}
