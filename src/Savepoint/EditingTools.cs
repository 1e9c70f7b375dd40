using System.Text;
using Savepoint.Diffs;
using Savepoint.Editing;
using Savepoint.Model;

namespace Savepoint;

/// <summary>
/// The seed's editing tools over one workspace: each changes files and records what it did, as one snapshot, so that any
/// of them can be undone. A tool changes all that it should or nothing, also where the process is killed in the middle of
/// several files. What stood there unrecorded is recorded first.
/// </summary>
/// <remarks>
/// <para>
/// Paths are text as a model writes it: relative to the workspace, or absolute within it. Outside, through a link, in
/// <c>.git</c> or in Savepoint's own folders nothing is touched. What does not work out (a block that is not there, a path
/// that is refused, a full disk) is a result with <see cref="EditResult.Success"/> false, whose message says what to do;
/// damage of the store and a workspace that others hold are <see cref="SavepointException"/>s.
/// </para>
/// <para>Of a text file its encoding, byte order mark, line ends, final line end and mode are kept. Thread-safe.</para>
/// </remarks>
/// <param name="manager">The workspace, which stays the caller's to dispose of.</param>
public sealed class EditingTools(SnapshotManager manager)
{
    /// <summary>The longest <see cref="EditResult.Diff"/>, about: 256 KiB as UTF-8, and a few lines on what is left out. What is beyond is named there, and recorded like the rest.</summary>
    public const int MaxDiffLength = 256 << 10;

    /// <summary>Makes a file of this text, or makes this the text of a file; directories above it are made.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">The whole text. A file that is there keeps its encoding and byte order mark, and CRLF if <paramref name="content"/> has no CR.</param>
    /// <param name="context">Who edits; the tool's name is added where it has none.</param>
    /// <param name="cancellationToken">Ends the wait for another process; once files are written it is ignored.</param>
    public Task<EditResult> ApplyWholeFileEditAsync(string path, string content, CaptureContext? context = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        return EditFileAsync("ApplyWholeFileEdit", path, (before, _) => EditedText.TryRead(before.Content.Span) is { } text && !before.State.IsAbsent ? TextEdit.Done(text.ReplaceAll(content)) : TextEdit.Done(Encoding.UTF8.GetBytes(content)), context, cancellationToken);
    }

    /// <summary>Makes a file of exactly these bytes, whatever it was; directories above it are made.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">The bytes, up to 64 MiB.</param>
    /// <param name="context">Who edits; the tool's name is added where it has none.</param>
    /// <param name="cancellationToken">Ends the wait for another process; once files are written it is ignored.</param>
    public Task<EditResult> ApplyWholeFileEditAsync(string path, ReadOnlyMemory<byte> content, CaptureContext? context = null, CancellationToken cancellationToken = default) =>
        content.Length > EditTree.MaxFileBytes
            ? Task.FromResult(EditResult.Failed($"The content is larger than {EditTree.MaxFileBytes >> 20} MiB, the most that is written."))
            : EditFileAsync("ApplyWholeFileEdit", path, (_, _) => TextEdit.Done(content.ToArray()), context, cancellationToken);

    /// <summary>Applies a unified diff of any number of files, all of them or none.</summary>
    /// <param name="diffContent">The diff, plain or in git's format: <c>/dev/null</c> makes and removes files, moves, modes and binary parts are known. A hunk may have moved, its lines not differ.</param>
    /// <param name="baseDirectory">The directory that the diff's paths are relative to; null for the workspace.</param>
    /// <param name="context">Who edits; the tool's name is added where it has none.</param>
    /// <param name="cancellationToken">Ends the wait for another process; once files are written it is ignored.</param>
    public Task<EditResult> ApplyUnifiedDiffAsync(string diffContent, string? baseDirectory = null, CaptureContext? context = null, CancellationToken cancellationToken = default) =>
        RunAsync("ApplyUnifiedDiff", tree => TryParse(diffContent, out var patch, out var problem)
            ? new PatchEdit(tree, manager.EditPaths.Check).Propose(IsWorkspace(baseDirectory) ? patch : PatchPaths.Below(manager.EditPaths.Resolve(baseDirectory!), patch), leavesConflicts: false)
            : ProposedEdit.Failed(problem), context, cancellationToken);

    /// <summary>Replaces one block of a text file, which has to be there once. An empty <paramref name="searchBlock"/> makes the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="searchBlock">What is there now; its line ends need not be the file's.</param>
    /// <param name="replaceBlock">What comes in its place; empty removes the block.</param>
    /// <param name="ignoreWhitespace">Whether, if the block is not there exactly, whole lines that differ from it in white space alone count. The replacement is written as it is given.</param>
    /// <param name="context">Who edits; the tool's name is added where it has none.</param>
    /// <param name="cancellationToken">Ends the wait for another process; once files are written it is ignored.</param>
    public Task<EditResult> ApplyEditBlockAsync(
        string path, string searchBlock, string replaceBlock, bool ignoreWhitespace = false, CaptureContext? context = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(searchBlock);
        ArgumentNullException.ThrowIfNull(replaceBlock);
        return EditFileAsync("ApplyEditBlock", path, (before, name) => (searchBlock, before) switch
        {
            ("", { State.IsAbsent: true } or { Content.IsEmpty: true }) => TextEdit.Done(Encoding.UTF8.GetBytes(replaceBlock)),
            ("", _) => TextEdit.Failed($"{name} exists, and an empty search block makes a new file. Give the block to replace, or write the whole file."),
            _ => InText(before, name, text => EditBlock.Replace(text, name, searchBlock, replaceBlock, ignoreWhitespace)),
        }, context, cancellationToken);
    }

    /// <summary>Replaces lines of a text file by number.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">The lines that come, a line end behind the last one or not; empty removes lines, one line end alone is a blank line.</param>
    /// <param name="startLine">The first line replaced, from 1. With <paramref name="endLine"/> one less, nothing is, and the content comes before this line; with both −1 it comes at the end.</param>
    /// <param name="endLine">The last line replaced; −1 for the file's last.</param>
    /// <param name="context">Who edits; the tool's name is added where it has none.</param>
    /// <param name="cancellationToken">Ends the wait for another process; once files are written it is ignored.</param>
    public Task<EditResult> ApplyRangedEditAsync(string path, string content, int startLine, int endLine, CaptureContext? context = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        return EditFileAsync("ApplyRangedEdit", path, (before, name) => InText(before, name, text => RangedEdit.Replace(text, name, content, startLine, endLine)), context, cancellationToken);
    }

    /// <summary>Deletes a file, a link (not what it leads to) or a directory.</summary>
    /// <param name="path">What to delete.</param>
    /// <param name="recursive">Whether a directory goes with all it holds, ignored files too. Without it, only an empty one does.</param>
    /// <param name="context">Who edits; the tool's name is added where it has none.</param>
    /// <param name="cancellationToken">Ends the wait for another process; once files are written it is ignored.</param>
    public Task<EditResult> DeleteAsync(string path, bool recursive = false, CaptureContext? context = null, CancellationToken cancellationToken = default) =>
        RunAsync("Delete", tree => TreeEdit.Delete(tree, manager.EditPaths, manager.EditPaths.Resolve(path), recursive), context, cancellationToken);

    /// <summary>Moves a file, a link or a directory with all it holds, to where nothing stands yet; directories above it are made.</summary>
    /// <param name="path">What to move.</param>
    /// <param name="newPath">Where to.</param>
    /// <param name="context">Who edits; the tool's name is added where it has none.</param>
    /// <param name="cancellationToken">Ends the wait for another process; once files are written it is ignored.</param>
    public Task<EditResult> RenameAsync(string path, string newPath, CaptureContext? context = null, CancellationToken cancellationToken = default) =>
        RunAsync("Rename", tree => TreeEdit.Rename(tree, manager.EditPaths, manager.EditPaths.Resolve(path), manager.EditPaths.Resolve(newPath)), context, cancellationToken);

    /// <summary>Takes back what a diff did: inverts it and applies that.</summary>
    /// <param name="diffContent">The diff as it was applied, its paths relative to the workspace.</param>
    /// <param name="includeFiles">Only files that one of these globs matches, read as in <c>.gitignore</c>: <c>*.cs</c>, <c>src/**</c>. Null or none: all.</param>
    /// <param name="excludeFiles">Not those that one of these matches.</param>
    /// <param name="checkConflicts">True: all files or none. False: files that have changed since so that the diff does not fit are left as they are, and named in <see cref="EditResult.MultiFileResults"/>.</param>
    /// <param name="context">Who edits; the tool's name is added where it has none.</param>
    /// <param name="cancellationToken">Ends the wait for another process; once files are written it is ignored.</param>
    public Task<EditResult> ReverseDiffAsync(
        string diffContent, IEnumerable<string>? includeFiles = null, IEnumerable<string>? excludeFiles = null, bool checkConflicts = true,
        CaptureContext? context = null, CancellationToken cancellationToken = default) =>
        RunAsync("ReverseDiff", tree => TryReverse(diffContent, includeFiles ?? [], excludeFiles ?? [], out var patch, out var problem)
            ? new PatchEdit(tree, manager.EditPaths.Check).Propose(patch, leavesConflicts: !checkConflicts)
            : ProposedEdit.Failed(problem), context, cancellationToken);

    private Task<EditResult> EditFileAsync(string tool, string path, Func<FileVersion, string, TextEdit> edit, CaptureContext? context, CancellationToken cancellationToken) =>
        RunAsync(tool, tree =>
        {
            var file = manager.EditPaths.Resolve(path);
            var before = tree.ReadFile(file);
            var (content, problem) = edit(before, PathQuoting.Quote(file.Bytes));
            return content is null ? ProposedEdit.Failed(problem!) : ProposedEdit.OfFile(tree, file, before.State, content);
        }, context, cancellationToken);

    private static TextEdit InText(FileVersion before, string name, Func<EditedText, TextEdit> edit) =>
        before.State.IsAbsent ? TextEdit.Failed($"{name} does not exist. Write it as a whole file.")
        : EditedText.TryRead(before.Content.Span) is { } text ? edit(text)
        : TextEdit.Failed($"{name} is no text: it has a NUL byte, or UTF-16 that is damaged. Write it whole, as bytes, or apply a binary diff.");

    private async Task<EditResult> RunAsync(string tool, Func<EditTree, ProposedEdit> propose, CaptureContext? context, CancellationToken cancellationToken)
    {
        context ??= CaptureContext.None;
        try
        {
            var done = await manager.EditAsync(propose, context with { Tool = context.Tool ?? tool }, cancellationToken).ConfigureAwait(false);
            return EditReport.Of(done.Proposed, done.Snapshot, done.Drift, done.Problem, manager.Contents, MaxDiffLength);
        }
        catch (SavepointException e) when (e.Code is ErrorCode.RefusedPath or ErrorCode.PermissionDenied or ErrorCode.DiskFull)
        {
            return EditResult.Failed($"{e.Message} {e.Hint}");
        }
    }

    private static bool TryParse(string diffContent, out Patch patch, out string problem)
    {
        ArgumentNullException.ThrowIfNull(diffContent);
        var isPatch = GitPatchParser.TryParse(Encoding.UTF8.GetBytes(diffContent), out var parsed, out var error);
        (patch, problem) = (parsed ?? Patch.Empty, isPatch ? "" : $"The diff cannot be read: {error!.Message}");
        return isPatch;
    }

    private static bool TryReverse(string diffContent, IEnumerable<string> includeFiles, IEnumerable<string> excludeFiles, out Patch patch, out string problem)
    {
        if (!TryParse(diffContent, out patch, out problem))
        {
            return false;
        }

        try
        {
            patch = PatchPaths.Chosen(patch, new PathGlobs(includeFiles), new PathGlobs(excludeFiles));
            problem = patch.Files.Count == 0 ? "No file of the diff is left by includeFiles and excludeFiles." : "";
            if (patch.Files.FirstOrDefault(file => !file.IsReversible) is { } oneWay)
            {
                problem = $"The binary diff of {PathQuoting.Quote(oneWay.Path.Bytes)} knows only its forward direction.";
            }

            patch = problem.Length == 0 ? patch.Reverse() : patch;
        }
        catch (ArgumentException e)
        {
            problem = e.Message;
        }

        return problem.Length == 0;
    }

    private static bool IsWorkspace(string? directory) => directory is null or "" or "." or "./";
}
