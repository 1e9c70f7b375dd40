namespace Savepoint.Storage.Expiry;

/// <summary>The names of the counters that tell what expired.</summary>
internal static class ExpiryCounter
{
    public const string Count = "expiry.count";
    public const string UpTo = "expiry.upto";

    /// <summary>In microseconds since 1970, as times are in snapshots.</summary>
    public const string Time = "expiry.time";

    /// <summary>The number that must have been given before bounds are looked after again: a store that labels fill must not be gone through each minute.</summary>
    public const string NextAt = "bounds.next";
}
