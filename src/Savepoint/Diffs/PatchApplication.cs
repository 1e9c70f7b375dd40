using Savepoint.Model;

namespace Savepoint.Diffs;

internal static class PatchApplication
{
    /// <summary>
    /// The mode a file gets: what it had, with the execute bits set wherever it may be read, or cleared, if git's mode
    /// says otherwise; git's own modes for a new file.
    /// </summary>
    public static UnixMode ModeOf(UnixMode? before, GitFileMode mode)
    {
        if (before is not { } old)
        {
            return mode == GitFileMode.Executable ? new UnixMode(0b111_101_101) : UnixMode.DefaultFile;
        }

        const int ExecuteBits = 0b001_001_001;
        return mode switch
        {
            GitFileMode.Executable when !old.IsExecutable => new UnixMode(old.Bits | ((old.Bits >> 2) & ExecuteBits) | 0b001_000_000),
            GitFileMode.File when old.IsExecutable => new UnixMode(old.Bits & ~ExecuteBits),
            _ => old,
        };
    }
}
