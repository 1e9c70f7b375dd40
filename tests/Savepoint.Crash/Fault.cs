namespace Savepoint.Crash;

/// <summary>What the layer does to one process. Calls are counted from 1; only those that change the workspace or the store, unless reads count as well.</summary>
internal sealed record Fault
{
    /// <summary>Nothing happens; the calls are counted.</summary>
    public static Fault None { get; } = new();

    /// <summary>Killed before this call; 0 for never.</summary>
    public long KillAt { get; init; }

    /// <summary>With <see cref="KillAt"/>: a write is done by half first.</summary>
    public bool IsTorn { get; init; }

    /// <summary>Stopped before this call, until it is continued or killed; 0 for never.</summary>
    public long StopAt { get; init; }

    /// <summary>A script that runs, as another process, before call <see cref="RunAt"/>.</summary>
    public string Script { get; init; } = "";

    /// <inheritdoc cref="Script"/>
    public long RunAt { get; init; }

    /// <summary>Which of the calls that can end with <see cref="Error"/> does, counted from 1; 0 for none.</summary>
    public long FailAt { get; init; }

    /// <summary>What the system says.</summary>
    public Errno Error { get; init; }

    /// <summary>Not only that one does, but each from it on.</summary>
    public bool IsLasting { get; init; }

    /// <summary>Only calls on paths that hold this text fail, and are counted for <see cref="FailAt"/>.</summary>
    public string Only { get; init; } = "";

    /// <summary>Opens to read, reads and listings are counted, and can fail, too.</summary>
    public bool HasReads { get; init; }

    /// <summary>How it is told to the layer.</summary>
    public IEnumerable<KeyValuePair<string, string>> Environment()
    {
        if (HasReads)
        {
            yield return new("SAVEPOINT_FAULT_READS", "1");
        }

        if (KillAt > 0)
        {
            yield return new("SAVEPOINT_FAULT_KILL", $"{KillAt}");
            yield return new("SAVEPOINT_FAULT_TORN", IsTorn ? "1" : "0");
        }

        if (StopAt > 0)
        {
            yield return new("SAVEPOINT_FAULT_STOP", $"{StopAt}");
        }

        if (RunAt > 0)
        {
            yield return new("SAVEPOINT_FAULT_RUN", $"{RunAt}:{Script}");
        }

        if (FailAt > 0)
        {
            yield return new("SAVEPOINT_FAULT_ONLY", Only);
            yield return new("SAVEPOINT_FAULT_FAIL", $"{FailAt}:{(int)Error}:{(IsLasting ? "all" : "once")}");
        }
    }

    public override string ToString() => this switch
    {
        { FailAt: > 0 } => $"{Error} {(IsLasting ? "from" : "at")} the call {FailAt} of those that can",
        { RunAt: > 0, KillAt: > 0 } => $"'{Script}' before call {RunAt}, killed at {KillAt}",
        { RunAt: > 0 } => $"'{Script}' before call {RunAt}",
        { KillAt: > 0 } => $"killed {(IsTorn ? "half-way through" : "before")} call {KillAt}",
        { StopAt: > 0 } => $"stopped before call {StopAt}",
        _ => "no fault",
    };
}
