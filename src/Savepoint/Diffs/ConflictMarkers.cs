namespace Savepoint.Diffs;

/// <summary>How a conflict is written into a text: the form that git and editors know.</summary>
public sealed record ConflictMarkers
{
    /// <summary>Both versions, named <c>ours</c> and <c>theirs</c>.</summary>
    public static ConflictMarkers Default { get; } = new();

    /// <summary>What stands behind <c>&lt;&lt;&lt;&lt;&lt;&lt;&lt;</c>. One line.</summary>
    public string Ours { get; init; } = "ours";

    /// <summary>What stands behind <c>&gt;&gt;&gt;&gt;&gt;&gt;&gt;</c>. One line.</summary>
    public string Theirs { get; init; } = "theirs";

    /// <summary>
    /// What stands behind <c>|||||||</c>. Null, the default: the base's lines are left out, and what the two versions have in
    /// common is taken out of the conflict.
    /// </summary>
    public string? Base { get; init; }
}
