namespace Savepoint.Model;

/// <summary>How one check ended.</summary>
public enum CheckOutcome
{
    /// <summary>It was not run.</summary>
    NotRun,

    /// <summary>Nothing was found out: its command could not start, or its time was up. Neither a pass nor a fail.</summary>
    Unknown,

    /// <summary>It failed.</summary>
    Failed,

    /// <summary>It passed.</summary>
    Passed,
}
