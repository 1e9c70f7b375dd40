namespace Savepoint.Bench.Decisions;

/// <summary>What a step of the replay does to the project.</summary>
internal enum ReplayKind
{
    /// <summary>Nothing that a policy should mind.</summary>
    Harmless,

    /// <summary>It does not compile any more.</summary>
    CompileError,

    /// <summary>Many tests fail that passed.</summary>
    FailingTests,

    /// <summary>The benchmark is slower by a third or more.</summary>
    Slowdown,

    /// <summary>A function becomes far more complex, or far longer.</summary>
    ComplexityJump,

    /// <summary>The project's next version, as its authors made it: whatever it holds.</summary>
    Version,
}

/// <summary>One step: what it is, and the project after it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">What it does, in words.</param>
/// <param name="Files">The project's files after it, by path.</param>
internal sealed record ReplayStep(ReplayKind Kind, string Name, IReadOnlyDictionary<string, string> Files);
