namespace Savepoint.Compaction;

/// <summary>Why snapshots were merged.</summary>
public enum MergeRule
{
    /// <summary>Edits of one file by one actor, each within five seconds of the one before.</summary>
    ContinuousEdits,

    /// <summary>What was done was taken back by hand: the tree ended as it began.</summary>
    AddDeleteCycle,

    /// <summary>Changes of white space only, one after the other.</summary>
    FormattingChain,

    /// <summary>Lines that left in one snapshot and came back in another: the steps of an extraction or a move.</summary>
    Refactoring,

    /// <summary>The store's quota: single steps of old history, or the oldest history itself.</summary>
    Expired,
}
