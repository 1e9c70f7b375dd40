using Savepoint.Model;

namespace Savepoint;

/// <summary>What of an operation to invert, and what to do where later work is in its way. Immutable.</summary>
public sealed record RevertOptions
{
    /// <summary>All of it, and nothing where there is a conflict.</summary>
    public static RevertOptions Default { get; } = new();

    /// <summary>Entries whose changes to invert, each with all below it, by their names before or after the operation. Default: null, all.</summary>
    public IReadOnlyList<WorkspacePath>? Paths { get; init; }

    /// <summary>Which hunk of the operation's patch to invert, 1 for the first, counted over the files of <see cref="Paths"/>. Default: null, all.</summary>
    public int? HunkNumber { get; init; }

    /// <summary>Whether, where lines conflict, both versions are written between markers. Default: false, a conflict writes nothing.</summary>
    public bool WritesMarkers { get; init; }

    /// <summary>Whether only a part of the operation is inverted.</summary>
    internal bool IsPart => Paths is not null || HunkNumber is not null;
}
