using Savepoint.Model;

namespace Savepoint.Bench.Decisions;

/// <summary>A project that the replay plays steps on, each from the last state that was good.</summary>
internal interface IReplayProject
{
    /// <summary>The commands that build, test and measure it, run in its root.</summary>
    CheckCommands Commands { get; }

    /// <summary>The files of the last good state, by path; at first of the state that it begins with.</summary>
    IReadOnlyDictionary<string, string> Good { get; }

    /// <summary>The kinds of <paramref name="faults"/> faults of each sort and <paramref name="harmless"/> harmless steps, in the order in which they are played.</summary>
    IReadOnlyList<ReplayKind> Plan(int faults, int harmless);

    /// <summary>A step of a kind from the last good state.</summary>
    ReplayStep Next(ReplayKind kind);

    /// <summary>Makes the state after the step that was made last the good one.</summary>
    void Keep();
}
