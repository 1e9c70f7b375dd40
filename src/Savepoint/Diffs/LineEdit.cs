namespace Savepoint.Diffs;

/// <summary>
/// One place where two contents differ: the lines <see cref="OldStart"/> … of the old one are replaced by the lines
/// <see cref="NewStart"/> … of the new one. The same ranges in bytes stand beside them. All starts are 0-based.
/// </summary>
/// <param name="OldStart">The first line replaced; where lines are only added, the line before which they come.</param>
/// <param name="OldCount">How many lines go; 0 for a pure insertion.</param>
/// <param name="NewStart">The first line that takes their place.</param>
/// <param name="NewCount">How many lines come; 0 for a pure deletion.</param>
/// <param name="OldOffset">Where the old lines begin, in bytes.</param>
/// <param name="OldLength">How many bytes they are.</param>
/// <param name="NewOffset">Where the new lines begin, in bytes.</param>
/// <param name="NewLength">How many bytes they are.</param>
public readonly record struct LineEdit(
    int OldStart, int OldCount, int NewStart, int NewCount, int OldOffset, int OldLength, int NewOffset, int NewLength)
{
    /// <summary>The old line after the edit.</summary>
    public int OldEnd => OldStart + OldCount;

    /// <summary>The new line after the edit.</summary>
    public int NewEnd => NewStart + NewCount;
}
