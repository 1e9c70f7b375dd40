using Savepoint.Model;

namespace Savepoint.Editing;

/// <summary>What became of an edit. Either all of it was done and recorded, or nothing was.</summary>
public sealed record EditResult
{
    /// <summary>Whether the files are as the edit wants them, even if they were before.</summary>
    public required bool Success { get; init; }

    /// <summary>
    /// What changed, as a unified diff in git's format, that <c>git apply</c> and <see cref="EditingTools.ReverseDiffAsync"/>
    /// read. Empty if nothing changed. A file that is not UTF-8 is in it as a binary patch, so that no byte is lost.
    /// </summary>
    public string Diff { get; init; } = "";

    /// <summary>Whether <see cref="Diff"/> holds all changes: not beyond <see cref="EditingTools.MaxDiffLength"/>, and no empty directories or special modes, which git's format does not have.</summary>
    public bool IsDiffComplete { get; init; } = true;

    /// <summary>What was done, or what is wrong and what to do about it, in a few sentences for the model that asked.</summary>
    public required string Message { get; init; }

    /// <summary>How many hunks the diff has, a change that is not by lines counted as one; 0 if nothing changed.</summary>
    public int ChangesApplied { get; init; }

    /// <summary>The files that changed, in path order; where one moved, both its paths.</summary>
    public IReadOnlyList<WorkspacePath> AffectedFiles { get; init; } = [];

    /// <summary>File by file, what became of it: for edits of several files. Those of a failed edit say what did not fit.</summary>
    public IReadOnlyList<FileEditResult> MultiFileResults { get; init; } = [];

    /// <summary>The snapshot that records the edit; null if nothing changed.</summary>
    public SnapshotNumber? Snapshot { get; init; }

    /// <summary>The snapshot of what was unrecorded at these files before the edit; null if nothing was.</summary>
    public SnapshotNumber? Drift { get; init; }

    internal static EditResult Failed(string message) => new() { Success = false, Message = message };
}

/// <summary>What became of one file of an edit.</summary>
/// <param name="Path">The file; where one moved, its new path.</param>
/// <param name="Success">Whether it is as the edit wants it.</param>
/// <param name="ChangesApplied">How many hunks were applied, a change that is not by lines counted as one.</param>
/// <param name="Message">What was done or is wrong, in a sentence.</param>
public sealed record FileEditResult(WorkspacePath Path, bool Success, int ChangesApplied, string Message);
