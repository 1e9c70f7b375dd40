namespace Savepoint.Bench.Decisions;

/// <summary>A function of the generated project: what it computes, and how its text looks. Immutable.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Factor">What it multiplies by.</param>
/// <param name="Offset">What it adds.</param>
internal sealed record ReplayFunction(string Name, int Factor, int Offset)
{
    /// <summary>Whether it calls the shared helper, which a third of the faults break.</summary>
    public bool IsShared { get; init; }

    /// <summary>The name of its local variable.</summary>
    public string Local { get; init; } = "value";

    /// <summary>A remark above it; empty for none.</summary>
    public string Remark { get; init; } = "";

    /// <summary>How many branches it has that change nothing.</summary>
    public int Branches { get; init; }

    /// <summary>How many statements it has that change nothing.</summary>
    public int Statements { get; init; }

    /// <summary>Whether it is indented by tabs.</summary>
    public bool HasTabs { get; init; }

    /// <summary>What it gives for <paramref name="x"/> as long as nothing is broken.</summary>
    public int Expected(int x) => (x * Factor) + Offset + (IsShared ? ReplayState.SharedValue(x) : 0);
}

/// <summary>A module: one source file.</summary>
/// <param name="Name">Its name, without an ending.</param>
/// <param name="Functions">Its functions, in order.</param>
internal sealed record ReplayModule(string Name, IReadOnlyList<ReplayFunction> Functions);

/// <summary>A state of the generated project, from which a dialect makes its files. Immutable.</summary>
/// <param name="Modules">The modules.</param>
/// <param name="Extra">Files that are no source: documents, data, manifests.</param>
/// <param name="PendingTests">How many tests there are that fail yet, and always did.</param>
/// <param name="Work">How many steps the benchmark's loop takes, in thousands.</param>
internal sealed record ReplayState(IReadOnlyList<ReplayModule> Modules, IReadOnlyDictionary<string, string> Extra, int PendingTests, int Work)
{
    /// <summary>A fault in the text of one source file; null for none.</summary>
    public (string Module, int Kind)? SyntaxFault { get; init; }

    /// <summary>Whether the shared helper is broken.</summary>
    public bool HasBrokenHelper { get; init; }

    /// <summary>What the shared helper gives.</summary>
    public static int SharedValue(int x) => x + 7;

    /// <summary>The same with one function changed.</summary>
    public ReplayState With(int module, int function, Func<ReplayFunction, ReplayFunction> change)
    {
        var changed = Modules[module] with { Functions = [.. Modules[module].Functions.Select((value, index) => index == function ? change(value) : value)] };
        return this with { Modules = [.. Modules.Select((value, index) => index == module ? changed : value)] };
    }
}
