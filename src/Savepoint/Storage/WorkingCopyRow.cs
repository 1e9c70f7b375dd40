using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>How far the making or the deletion of a folder is.</summary>
internal enum FolderStep
{
    /// <summary>Being made by a process; if that is gone, it comes to nothing.</summary>
    Making,

    /// <summary>There.</summary>
    Ready,

    /// <summary>Being deleted; if the process is gone, the next goes on.</summary>
    Deleting,
}

/// <summary>A row of <c>working_copies</c> with its branch.</summary>
internal sealed record WorkingCopyRow
{
    /// <summary>The branch's number in the store.</summary>
    public required long Id { get; init; }

    /// <summary>The branch's name.</summary>
    public required string Name { get; init; }

    /// <summary>Its form.</summary>
    public required Isolation Isolation { get; init; }

    /// <summary>The directory; of an overlay the folder of its layer.</summary>
    public required string Directory { get; init; }

    /// <summary>Of an overlay the number of the frozen base that it lies on; else null.</summary>
    public long? Base { get; init; }

    /// <summary>Whether it is an overlay that is there and of which nobody knows what it lies on: a repair could not read that.</summary>
    public bool HasLostBase => Isolation == Isolation.Overlay && Step == FolderStep.Ready && Base is null;

    /// <summary>Why it has this form; null where it was asked for.</summary>
    public string? Why { get; init; }

    /// <summary>How far it is.</summary>
    public FolderStep Step { get; init; }

    /// <summary>Where the files are while it is made or deleted; null otherwise.</summary>
    public string? Aside { get; init; }

    /// <summary>Who makes or deletes it.</summary>
    public ProcessIdentity Owner { get; init; }
}
