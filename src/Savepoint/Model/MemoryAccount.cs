namespace Savepoint.Model;

/// <summary>How full a memory budget is. (The seed's thresholds.)</summary>
public enum MemoryLevel
{
    /// <summary>Below every threshold.</summary>
    Normal,

    /// <summary>Past the first: what was not used lately goes.</summary>
    Warning,

    /// <summary>Past the second: only what is in use stays.</summary>
    Critical,

    /// <summary>Past the third: everything that can be had again goes, and the system gets its pages back.</summary>
    Emergency,
}

/// <summary>Something that holds memory for speed alone: all of it can be had again. Thread-safe.</summary>
public interface IMemoryAccount
{
    /// <summary>What it is called in statistics.</summary>
    string Name { get; }

    /// <summary>What it holds, in bytes, with what the runtime adds for each object. Costs next to nothing to ask.</summary>
    long Bytes { get; }

    /// <summary>Lets go of the least recently used until no more than <paramref name="maxBytes"/> are held.</summary>
    void Trim(long maxBytes);
}
