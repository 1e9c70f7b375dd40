namespace Savepoint.Storage.Packs;

/// <summary>
/// What did not shrink in a pack when it was last tried: small changes of long lines of versions take as little each for itself.
/// Without this each clean-up would read and compress all of it again. What came since is tried by itself; all of it once there
/// is twice as much, or once the bases that only it needs take more than a pack would.
/// </summary>
/// <param name="UpTo">The newest snapshot of which something was tried.</param>
/// <param name="Count">How many contents stayed loose when all were tried.</param>
/// <param name="PlainBytes">Their decoded length.</param>
/// <param name="FrameBytes">What packs of them would have taken.</param>
internal sealed record RefusedContents(long UpTo, long Count, long PlainBytes, long FrameBytes)
{
    private const string Prefix = "packs.refused.";

    /// <summary>Nothing was tried yet.</summary>
    public static RefusedContents None { get; } = new(0, 0, 0, 0);

    /// <summary>As the last clean-up left it. Inside a read of the database.</summary>
    public static RefusedContents Read(CounterTable counters) =>
        new(counters.Find(Prefix + "upto"), counters.Find(Prefix + "count"), counters.Find(Prefix + "plain"), counters.Find(Prefix + "frames"));

    /// <summary>For the next one. Inside a write.</summary>
    public void Write(CounterTable counters)
    {
        counters.Set(Prefix + "upto", UpTo);
        counters.Set(Prefix + "count", Count);
        counters.Set(Prefix + "plain", PlainBytes);
        counters.Set(Prefix + "frames", FrameBytes);
    }

    /// <summary>Whether all of what is loose is to be tried, and not only what came since.</summary>
    public bool IsTimeForAll(IReadOnlyCollection<PackCandidate> loose) =>
        loose.Count >= 2 * Count
        || loose.Sum(content => (double)content.SizeBytes) * FrameBytes / PlainBytes < loose.Sum(content => (double)content.EncodedBytes) * ContentPacker.MaxShareTried / 100;

    /// <summary>Adds contents that a pack would not have made smaller.</summary>
    public RefusedContents With(IReadOnlyCollection<PackCandidate> refused, long frameBytes) => new(
        Math.Max(UpTo, refused.Max(content => content.Snapshot)), Count + refused.Count, PlainBytes + refused.Sum(content => content.SizeBytes), FrameBytes + frameBytes);
}
