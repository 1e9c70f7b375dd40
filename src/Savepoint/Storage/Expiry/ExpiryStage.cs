namespace Savepoint.Storage.Expiry;

/// <summary>How far expiry goes: the steps of all history first, the oldest history only then (docs/design/bounds.md).</summary>
internal enum ExpiryStage
{
    /// <summary>Of each turn, and of each hour in which nobody said who worked, only the last state stays.</summary>
    Thin,

    /// <summary>The oldest history becomes one state, and what has no other before it the baseline.</summary>
    Oldest,
}
