namespace Savepoint.Cli.Mcp.Tools;

/// <summary>The seed's editing tools, which <c>--edit-tools</c> adds: most clients have their own.</summary>
internal static class EditTools
{
    private static readonly ToolParameter Path = new("path", ParameterKind.Text) { IsRequired = true };

    public static IReadOnlyList<McpTool> All { get; } =
    [
        new EditTool("apply_whole_file_edit", "Write a file", "Create or overwrite a file. Missing directories are made.",
            [Path, new("content", ParameterKind.Text) { IsRequired = true }, new("encoding", ParameterKind.Text, "base64 for the bytes of a binary file.") { Choices = ["text", "base64"] }],
            (tools, given, context, cancellationToken) => given.Text("encoding") == "base64"
                ? tools.ApplyWholeFileEditAsync(given.Text("path")!, Base64(given.Text("content")!), context, cancellationToken)
                : tools.ApplyWholeFileEditAsync(given.Text("path")!, given.Text("content")!, context, cancellationToken)),
        new EditTool("apply_unified_diff", "Apply a diff", "Apply a unified diff to one or more files: all of it, or nothing if a part does not fit. /dev/null creates or deletes.",
            [new("diffContent", ParameterKind.Text) { IsRequired = true }, new("baseDir", ParameterKind.Text, "What its paths are relative to.")],
            (tools, given, context, cancellationToken) => tools.ApplyUnifiedDiffAsync(given.Text("diffContent")!, given.Text("baseDir"), context, cancellationToken)),
        new EditTool("apply_edit_block", "Replace a block", "Replace one block of text in a file. searchBlock must occur exactly once; empty, it creates the file.",
            [Path, new("searchBlock", ParameterKind.Text) { IsRequired = true }, new("replaceBlock", ParameterKind.Text) { IsRequired = true }, new("ignoreWhitespace", ParameterKind.Flag)],
            (tools, given, context, cancellationToken) => tools.ApplyEditBlockAsync(
                given.Text("path")!, given.Text("searchBlock")!, given.Text("replaceBlock")!, given.Flag("ignoreWhitespace") ?? false, context, cancellationToken)),
        new EditTool("apply_ranged_edit", "Replace lines", "Replace lines by number, 1-based, both ends included. endLine = startLine - 1 inserts; -1 and -1 append.",
            [Path, new("content", ParameterKind.Text, "The new lines; empty to remove.") { IsRequired = true }, Line("startLine"), Line("endLine")],
            (tools, given, context, cancellationToken) => tools.ApplyRangedEditAsync(
                given.Text("path")!, given.Text("content")!, given.Number("startLine")!.Value, given.Number("endLine")!.Value, context, cancellationToken)),
        new EditTool("delete_path", "Delete", "Delete a file, link or directory; undo brings it back.",
            [Path, new("recursive", ParameterKind.Flag, "A directory with all in it. Default false.")],
            (tools, given, context, cancellationToken) => tools.DeleteAsync(given.Text("path")!, given.Flag("recursive") ?? false, context, cancellationToken)),
        new EditTool("rename_path", "Rename", "Move or rename a file or directory. Nothing may be at newPath.",
            [Path, new("newPath", ParameterKind.Text) { IsRequired = true }],
            (tools, given, context, cancellationToken) => tools.RenameAsync(given.Text("path")!, given.Text("newPath")!, context, cancellationToken)),
        new EditTool("reverse_diff", "Reverse a diff", "Take back a unified diff; later changes elsewhere stay.",
            [
                new("diffContent", ParameterKind.Text) { IsRequired = true }, new("includeFiles", ParameterKind.Texts, "Globs."), new("excludeFiles", ParameterKind.Texts, "Globs."),
                new("checkConflicts", ParameterKind.Flag, "Default true: all files or none. False: those that fit."),
            ],
            (tools, given, context, cancellationToken) => tools.ReverseDiffAsync(
                given.Text("diffContent")!, given.Texts("includeFiles") ?? [], given.Texts("excludeFiles") ?? [], given.Flag("checkConflicts") ?? true, context, cancellationToken)),
    ];

    private static ToolParameter Line(string name) => new(name, ParameterKind.Number) { IsRequired = true, Minimum = -1 };

    private static byte[] Base64(string content)
    {
        try
        {
            return Convert.FromBase64String(content);
        }
        catch (FormatException)
        {
            throw new UsageException("The argument 'content' is not base64.", "Leave encoding out for text.");
        }
    }
}
