namespace Savepoint.Model;

/// <summary>What became of a decision.</summary>
public enum DecisionOutcome
{
    /// <summary>There was nothing to do.</summary>
    None,

    /// <summary>It was said and not done: its policy only suggests, or something stood against doing it.</summary>
    Suggested,

    /// <summary>It is being done, or its process died while it was.</summary>
    Begun,

    /// <summary>It was done.</summary>
    Done,

    /// <summary>It was tried and could not be done; the tree is as it was.</summary>
    Failed,
}

/// <summary>A number that a decision rests on.</summary>
/// <param name="Name">What it is, as <c>failureRate</c>.</param>
/// <param name="Value">How much; finite.</param>
/// <param name="Threshold">What it was compared with; null if it was not compared.</param>
public sealed record DecisionNumber(string Name, double Value, double? Threshold = null);

/// <summary>
/// One decision of the policies: from which rule, about which state, what follows, and why. Immutable; numbered by the
/// store, in the order in which they were made.
/// </summary>
public sealed record Decision
{
    /// <summary>Its number; 0 until the store has given one.</summary>
    public long Id { get; init; }

    /// <summary>The state that was judged.</summary>
    public required SnapshotNumber Snapshot { get; init; }

    /// <summary>When, by the clock of the machine.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>The trigger or checkpoint that it comes from, by the seed's name, as <c>onCompileError</c>; <c>none</c> if no rule applied.</summary>
    public required string Rule { get; init; }

    /// <summary>What follows, by the seed's name, as <c>rollbackToLastWorkingState</c>; <c>none</c> for nothing.</summary>
    public required string Action { get; init; }

    /// <summary>Whether that is only suggested, or done.</summary>
    public PolicyMode Mode { get; init; } = PolicyMode.Suggest;

    /// <summary>The state to go back to, or that a checkpoint names; null if there is none.</summary>
    public SnapshotNumber? Target { get; init; }

    /// <summary>How long a checkpoint holds; null for every other decision.</summary>
    public Retention? Retention { get; init; }

    /// <summary>Why, in sentences for an agent or a person.</summary>
    public required string Reason { get; init; }

    /// <summary>The numbers it rests on, the one that decided first.</summary>
    public IReadOnlyList<DecisionNumber> Numbers { get; init; } = [];

    /// <summary>What is at the bottom of it, in a form that is equal for the same thing: the errors, the tests, the functions. Empty if nothing is.</summary>
    public string Cause { get; init; } = "";

    /// <summary>The policy and the signals that it was made from, as JSON, from which it can be made again.</summary>
    public string Signals { get; init; } = "";

    /// <summary>What went wrong where; null if there was nothing to find.</summary>
    public FailureAnalysis? Analysis { get; init; }

    /// <summary>What became of it.</summary>
    public DecisionOutcome Outcome { get; init; }

    /// <summary>What came of it: the label that was made, or the number of the rollback's snapshot; null if nothing did.</summary>
    public string? Result { get; init; }
}
