using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>What .NET's file calls throw for a store's own files, as errors that say what to do next.</summary>
internal static class StoreFileErrors
{
    // Linux, asm-generic/errno.h; .NET puts it into HResult where it has no class of its own for it.
    public const int InputOutput = 5;
    private const int TryAgain = 11;
    private const int TooManyInSystem = 23;
    private const int TooManyOpen = 24;
    private const int NoSpace = 28;
    private const int ReadOnly = 30;
    private const int QuotaExceeded = 122;
    private const int WouldBlockOnMac = 35;

    // winerror.h, as the low half of an HResult.
    private const int WindowsSharingViolation = 32;
    private const int WindowsLockViolation = 33;
    private const int WindowsHandleDiskFull = 39;
    private const int WindowsDiskFull = 112;

    /// <summary>Whether a file could not be opened because another process holds it.</summary>
    public static bool IsHeld(IOException e) => OperatingSystem.IsWindows()
        ? (e.HResult & 0xffff) is WindowsSharingViolation or WindowsLockViolation
        : e.HResult is TryAgain || (OperatingSystem.IsMacOS() && e.HResult is WouldBlockOnMac);

    /// <summary>The error for an exception of the file system.</summary>
    /// <param name="what">What could not be done, as a sentence without its end.</param>
    /// <param name="e">An <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.</param>
    public static SavepointException Translate(string what, Exception e)
    {
        var (code, hint) = e is UnauthorizedAccessException ? (ErrorCode.PermissionDenied, PermissionHint) : Classify(e.HResult);
        return new SavepointException(code, $"{what}: {e.Message.TrimEnd('.')}.", hint, e);
    }

    /// <summary>Runs a call of the file system on a store's own file, and tells what it throws as such an error.</summary>
    /// <param name="what">What could not be done, as a sentence without its end.</param>
    /// <param name="call">The call.</param>
    public static void Guard(string what, Action call)
    {
        try
        {
            call();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Translate(what, e);
        }
    }

    /// <summary>The same for what the system said itself; null if that explains nothing.</summary>
    public static (ErrorCode Code, string Hint)? Explain(int errno) =>
        errno is NoSpace or QuotaExceeded or ReadOnly or TooManyOpen or TooManyInSystem or InputOutput ? Classify(errno) : null;

    private const string PermissionHint = "Check the permissions of the store's folder, or name another with SAVEPOINT_HOME or 'init --store'.";

    private static (ErrorCode Code, string Hint) Classify(int number) => OperatingSystem.IsWindows()
        ? (number & 0xffff) is WindowsDiskFull or WindowsHandleDiskFull ? (ErrorCode.DiskFull, RoomHint) : (ErrorCode.Environment, OtherHint)
        : number switch
        {
            NoSpace => (ErrorCode.DiskFull, RoomHint),
            QuotaExceeded => (ErrorCode.DiskFull, "The disk quota is used up: free some space or have it raised, then repeat the command."),
            ReadOnly => (ErrorCode.PermissionDenied, "The file system is mounted read-only: mount it writable, or name another folder with SAVEPOINT_HOME or 'init --store'."),
            TooManyOpen => (ErrorCode.Environment, "Raise the limit on open files (ulimit -n), then repeat the command."),
            TooManyInSystem => (ErrorCode.Environment, "The whole system has too many files open: end programs or raise fs.file-max, then repeat the command."),
            InputOutput => (ErrorCode.Environment, "The disk or its connection fails: look into the system's log, and copy away what matters."),
            _ => (ErrorCode.Environment, OtherHint),
        };

    private const string RoomHint = "Free some disk space and repeat the command; 'savepoint stores' lists what the stores take.";

    private const string OtherHint = "Look at the store's folder and its file system, then repeat the command; 'savepoint doctor' looks as well.";
}
