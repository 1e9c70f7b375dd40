namespace Savepoint.Maintenance;

/// <summary>
/// How far a store has come: cheap to ask for, and all of it on disk. So work that nobody did is found again by whoever asks
/// next, and there is no list of it that could be lost.
/// </summary>
/// <param name="Newest">The newest snapshot's number; 0 before the first.</param>
/// <param name="CleanedUpTo">The newest when contents were packed last; 0 if never.</param>
/// <param name="CompactedUpTo">The newest when snapshots were merged last; 0 if never.</param>
/// <param name="LogBytes">The length of the write-ahead log.</param>
/// <param name="MeasuredUpTo">The newest whose functions were measured; 0 if none were, null if they are not to be.</param>
/// <param name="Bounds">What the store takes and may take; null where nobody looks after it.</param>
internal sealed record StoreMarks(long Newest, long CleanedUpTo, long CompactedUpTo, long LogBytes, long? MeasuredUpTo = null, BoundsMarks? Bounds = null);

/// <summary>How a store stands to its quota.</summary>
/// <param name="StoreBytes">What it takes on disk.</param>
/// <param name="MaxBytes">What it may take.</param>
/// <param name="NextAt">The number that must have been given before its bounds are looked after again; 0 at first.</param>
internal sealed record BoundsMarks(long StoreBytes, long MaxBytes, long NextAt);
