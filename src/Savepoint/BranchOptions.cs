using Savepoint.Model;

namespace Savepoint;

/// <summary>How a branch's working copy is made. Immutable.</summary>
public sealed record BranchOptions
{
    /// <summary>A copy in the default place.</summary>
    public static BranchOptions Default { get; } = new();

    /// <summary>
    /// The form: a copy, or an overlay that only commands see which are run in it (<see cref="WorkingCopy.Start"/>). Null: an overlay where the system allows
    /// one, else a copy. Default: a copy.
    /// </summary>
    public Isolation? Isolation { get; init; } = Model.Isolation.Copy;

    /// <summary>Where to put the copy: an absolute path of nothing, or of an empty directory, outside the workspace. Default: null, beside the history.</summary>
    public string? Directory { get; init; }

    /// <summary>Who asks for it: what is unrecorded in the workspace is captured in this name. Default: nobody known.</summary>
    public CaptureContext Context { get; init; } = CaptureContext.None;
}
