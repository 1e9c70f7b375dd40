namespace Savepoint.Crash;

/// <summary>What a system call can answer (asm-generic/errno.h).</summary>
public enum Errno
{
    None = 0,
    EIO = 5,
    EACCES = 13,
    EMFILE = 24,
    ENOSPC = 28,
    EROFS = 30,
}

/// <summary>What a call does, as <c>enum effect</c> of Shim/fault.c has it.</summary>
internal enum Effect
{
    Looks,
    Opens,
    Reads,
    Lists,
    Makes,
    Writes,
    Syncs,
    Names,
    Removes,
    Modes,
}

/// <summary>Which calls can end with which error; <c>can_fail</c> of Shim/fault.c decides the same.</summary>
internal static class Errors
{
    public static IReadOnlyDictionary<Errno, Effect[]> Of { get; } = new Dictionary<Errno, Effect[]>
    {
        [Errno.ENOSPC] = [Effect.Makes, Effect.Writes, Effect.Syncs, Effect.Names],
        [Errno.EIO] = [Effect.Opens, Effect.Reads, Effect.Lists, Effect.Makes, Effect.Writes, Effect.Syncs, Effect.Names, Effect.Removes, Effect.Modes],
        [Errno.EACCES] = [Effect.Opens, Effect.Makes, Effect.Names, Effect.Removes],
        [Errno.EMFILE] = [Effect.Opens, Effect.Makes],
        [Errno.EROFS] = [Effect.Makes, Effect.Names, Effect.Removes, Effect.Modes],
    };
}
