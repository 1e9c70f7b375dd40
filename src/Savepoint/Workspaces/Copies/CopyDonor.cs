namespace Savepoint.Workspaces.Copies;

/// <summary>
/// An earlier copy of the same tree that nobody writes to. A file that was not touched since that copy's making began is given a second name
/// there instead of being copied again: neither is ever written to.
/// </summary>
/// <param name="Directory">Its root.</param>
/// <param name="MadeNs">When its making began, in nanoseconds since 1970, by the clock that stamps files.</param>
internal sealed record CopyDonor(string Directory, long MadeNs)
{
    /// <summary>The clock that stamps files goes in steps, of 10 ms at most (CONFIG_HZ = 100).</summary>
    private const long StepNs = 20_000_000;

    /// <summary>
    /// Whether a file of the original is what the donor has at its place: the system stamps every change of it (ctime, which no program can set), and
    /// the copy has its length, mode and time, lest another file was moved there.
    /// </summary>
    public bool Has(in EntryStat original, in EntryStat copy) => copy.IsFile
        && original.ChangedNs < MadeNs - StepNs && original.SizeBytes == copy.SizeBytes && original.ModifiedNs == copy.ModifiedNs
        && original.Mode == copy.Mode && original.Uid == copy.Uid && original.Gid == copy.Gid;
}
