using Microsoft.Extensions.AI;
using Savepoint.Model;

namespace Savepoint.Extensions.AI;

/// <summary>How a tool that is not ours is recorded.</summary>
public sealed record RecordingOptions
{
    /// <summary>The defaults.</summary>
    public static RecordingOptions Default { get; } = new();

    /// <summary>Who makes a call: asked anew for each, since the turn changes. Null: nobody is known.</summary>
    public Func<AIFunctionArguments, Actor>? Actor { get; init; }

    /// <summary>
    /// The paths that a call will write, relative to the workspace or absolute: only those are looked at, at the cost of
    /// those. An empty list: it writes nothing. A null list: it may write anything, and the tree is scanned before and
    /// after. Null, the default: a tool whose name says that it edits and whose arguments name files writes those; any
    /// other may write anything.
    /// </summary>
    public Func<AIFunctionArguments, IEnumerable<string>?>? Paths { get; init; }

    /// <summary>
    /// Told when a call was made and could not be recorded. The call's own result is then given as if nothing was wrong;
    /// the next capture finds what it changed. Null, the default: the call fails with that exception.
    /// </summary>
    public Action<SavepointException>? RecordingFailed { get; init; }
}
