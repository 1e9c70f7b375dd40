namespace Savepoint.Model;

/// <summary>Why an entry is not in a snapshot, or not wholly.</summary>
public enum SkipReason
{
    /// <summary>A named pipe: it has no content to record.</summary>
    Fifo,

    /// <summary>A socket.</summary>
    Socket,

    /// <summary>A block or character device.</summary>
    Device,

    /// <summary>It could not be read.</summary>
    Unreadable,

    /// <summary>The file is recorded; that it shares its inode with another name is not.</summary>
    Hardlink,

    /// <summary>Larger than <c>maxFileBytes</c>.</summary>
    TooLarge,

    /// <summary>The scan's deadline passed before it.</summary>
    Deadline,

    /// <summary>It is recorded, but was written to while it was read, at each of several attempts: the bytes may mix two versions. The next capture reads it again.</summary>
    Torn,

    /// <summary>What the directory holds has paths longer than <see cref="WorkspacePath.MaxLengthBytes"/>, which no other program could open by its name either.</summary>
    TooDeep,

    /// <summary>A rule kept it from being recorded, and it is from here on, since it was named or the rule is gone: what stood there before nobody has looked at, and a restore to an earlier state brings this back.</summary>
    Ignored,
}

/// <summary>An entry that a snapshot names but does not hold.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Reason">Why.</param>
public sealed record SkippedEntry(WorkspacePath Path, SkipReason Reason)
{
    /// <summary>Whether bytes that stand there were not recorded: it was unreadable, too large, too deep, or not reached.</summary>
    public bool IsLost => Reason is SkipReason.Unreadable or SkipReason.TooLarge or SkipReason.TooDeep or SkipReason.Deadline;
}

/// <summary>What a snapshot looked at, so that nothing is missing from it in silence.</summary>
/// <param name="IsComplete">Whether all that was asked for was looked at: false when a deadline cut it short or something was unreadable or too large.</param>
/// <param name="ScannedCount">How many entries were looked at.</param>
/// <param name="Skipped">What was seen and not recorded, in path order.</param>
public sealed record Coverage(bool IsComplete, long ScannedCount, IReadOnlyList<SkippedEntry> Skipped)
{
    /// <summary>Whether a deadline left something unseen: what no snapshot has may have been there all the time.</summary>
    internal bool IsCutShort => Skipped.Any(entry => entry.Reason == SkipReason.Deadline);

    /// <summary>Nothing was asked for and nothing skipped.</summary>
    public static Coverage Empty { get; } = new(true, 0, []);
}
