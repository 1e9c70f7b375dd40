namespace Savepoint.Model;

/// <summary>What was done because a memory threshold was passed.</summary>
/// <param name="Level">The level that was reached.</param>
/// <param name="BytesBefore">What the accounts held then.</param>
/// <param name="BytesAfter">What they hold now.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record MemoryStep(MemoryLevel Level, long BytesBefore, long BytesAfter, TimeSpan Elapsed)
{
    /// <summary>What was let go, in bytes.</summary>
    public long BytesFreed => BytesBefore - BytesAfter;
}
