namespace Savepoint.Compaction;

/// <summary>How far compaction goes: the seed's three levels, each with all of the one before it.</summary>
public enum CompactionLevel
{
    /// <summary>Continuous edits of one file are shown as one snapshot. Every merged number keeps its exact state.</summary>
    Normal,

    /// <summary>Redundant stretches merge too, and the states between the ends of a merge are freed.</summary>
    Aggressive,

    /// <summary>As aggressive; and what is old enough is promoted to milestones at once.</summary>
    Emergency,
}
