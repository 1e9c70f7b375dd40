namespace Savepoint.Model;

/// <summary>What a clean-up of the store did.</summary>
/// <param name="FreedContents">Contents that nothing named and that are gone now.</param>
/// <param name="PackedContents">Contents that were moved into packs.</param>
/// <param name="BytesBefore">What the store took on disk before it.</param>
/// <param name="BytesAfter">What it takes now.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record CleanUp(int FreedContents, int PackedContents, long BytesBefore, long BytesAfter, TimeSpan Elapsed)
{
    /// <summary>Archives of milestones that no label needed any more and that are gone now.</summary>
    public int FreedArchives { get; init; }

    /// <summary>Labels whose retention was over and that are gone now: of a session that has ended, or of a state that a later one has made superfluous by passing its checks.</summary>
    public int ReleasedLabels { get; init; }

    /// <summary>Archives that were packed better.</summary>
    public int PackedArchives { get; init; }
}
