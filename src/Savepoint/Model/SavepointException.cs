namespace Savepoint.Model;

/// <summary>What went wrong, as a stable name that programs can act on.</summary>
public enum ErrorCode
{
    /// <summary>The directory is not tracked.</summary>
    NotTracked,

    /// <summary>The directory must not be tracked: <c>/</c>, the home directory, inside a store.</summary>
    RefusedWorkspace,

    /// <summary>No snapshot, label or branch of that name.</summary>
    UnknownRevision,

    /// <summary>The operation cannot be inverted, or has no such hunk.</summary>
    NotInvertible,

    /// <summary>The store was written by a newer version.</summary>
    NewerFormat,

    /// <summary>The store, or a record in it, does not hold what its hash says.</summary>
    Damaged,

    /// <summary>No room on the disk, for the store or the workspace.</summary>
    DiskFull,

    /// <summary>The system does not permit it.</summary>
    PermissionDenied,

    /// <summary>Another process holds the workspace and did not let go in time.</summary>
    Busy,

    /// <summary>A restore could not be carried out. It was taken back as a whole, unless the message says that it could not be.</summary>
    RestoreFailed,

    /// <summary>The path leads out of the workspace or into git's own files.</summary>
    RefusedPath,

    /// <summary>A label or branch of that name exists, or the name is not allowed.</summary>
    InvalidName,

    /// <summary>A settings file or value cannot be used.</summary>
    InvalidSettings,

    /// <summary>Any other failure of the system.</summary>
    Environment,
}

/// <summary>Damage, or a failure of the environment. Expected endings are return values, misuse an <see cref="ArgumentException"/>.</summary>
public sealed class SavepointException : Exception
{
    /// <summary>A failure that says what, why, and what to do next.</summary>
    /// <param name="code">The stable name of what went wrong.</param>
    /// <param name="message">What and why, in a sentence, without secrets.</param>
    /// <param name="hint">What to do next; names the command where there is one.</param>
    /// <param name="innerException">The cause.</param>
    public SavepointException(ErrorCode code, string message, string hint, Exception? innerException = null)
        : base(message, innerException)
    {
        Code = code;
        Hint = hint;
    }

    /// <summary>The stable name of what went wrong.</summary>
    public ErrorCode Code { get; }

    /// <summary>What to do next.</summary>
    public string Hint { get; }
}
