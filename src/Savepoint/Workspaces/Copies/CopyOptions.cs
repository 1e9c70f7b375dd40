using Savepoint.Model;

namespace Savepoint.Workspaces.Copies;

/// <summary>How a tree is copied beside its rules, and what is noted of it.</summary>
internal sealed record CopyOptions
{
    /// <summary>Where the copy will be when it is done: links are made to lead there.</summary>
    public required string FinalRoot { get; init; }

    /// <summary>Directories that are left out wherever they are. Default: none.</summary>
    public IReadOnlyList<string> Excluded { get; init; } = [];

    /// <summary>A copy made earlier, for another that nobody writes to either; null for files of its own.</summary>
    public CopyDonor? Donor { get; init; }

    /// <summary>Takes what is ignored. Null: nobody asks.</summary>
    public IgnoredSum? Ignored { get; init; }

    /// <summary>
    /// Told of each file and link that is not ignored, from several threads: the original as it was before it was copied and after, and what became of it. One that
    /// changed meanwhile is not told of. Null: nobody asks. Linux only.
    /// </summary>
    public CopiedEntry? Copied { get; init; }
}

/// <summary>Takes an entry that was copied.</summary>
/// <param name="path">Where it is.</param>
/// <param name="original">Its stat in the original.</param>
/// <param name="copy">Its stat in the copy.</param>
internal delegate void CopiedEntry(WorkspacePath path, in EntryStat original, in EntryStat copy);
