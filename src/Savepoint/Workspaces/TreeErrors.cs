using System.Runtime.InteropServices;
using Savepoint.Model;

namespace Savepoint.Workspaces;

/// <summary>Turns what the system reports into a <see cref="SavepointException"/>: operation, path, the system's words, a way out.</summary>
internal static class TreeErrors
{
    // Linux, asm-generic/errno.h: the same on x64 and arm64. macOS has the ones below 35 in common.
    public const int NotPermitted = 1;
    public const int NoEntry = 2;
    public const int Interrupted = 4;
    public const int InputOutput = 5;
    public const int NoDeviceOrReader = 6;
    public const int TryAgain = 11;
    public const int AccessDenied = 13;
    public const int Exists = 17;
    public const int CrossesDevice = 18;
    public const int NotDirectory = 20;
    public const int IsDirectory = 21;
    public const int InvalidArgument = 22;
    public const int TooManyInSystem = 23;
    public const int TooManyOpen = 24;
    public const int NoSpace = 28;
    public const int ReadOnlyFileSystem = 30;
    public const int NameTooLong = 36;
    public const int NotImplemented = 38;
    public const int NotEmpty = 39;
    public const int TooManyLinks = 40;
    public const int NoData = 61;
    public const int NotSupported = 95;
    public const int QuotaExceeded = 122;

    // winerror.h, as the low half of an HResult.
    private const int WindowsHandleDiskFull = 39;
    private const int WindowsDiskFull = 112;

    /// <summary>Whether the entry, for a reader, just is not there. A name too long for the file system cannot be.</summary>
    public static bool MeansAbsent(int errno) => errno is NoEntry or NotDirectory or TooManyLinks or CrossesDevice or NameTooLong;

    /// <summary>The exception for a failed system call.</summary>
    /// <param name="operation">What was tried, to follow "Cannot": <c>read</c>.</param>
    /// <param name="path">The entry it was tried on.</param>
    /// <param name="errno">What the system said.</param>
    public static SavepointException FromErrno(string operation, WorkspacePath path, int errno) =>
        FromErrno(operation, Quote(path), errno);

    /// <summary>As <see cref="FromErrno(string, WorkspacePath, int)"/>, for what is no entry of a workspace.</summary>
    public static SavepointException FromErrno(string operation, string quotedPath, int errno)
    {
        var reason = errno is TooManyLinks or CrossesDevice
            ? "a symbolic link is in the way, and links are never followed"
            : Marshal.GetPInvokeErrorMessage(errno);
        var (code, hint) = Classify(errno);
        return new SavepointException(code, $"Cannot {operation} {quotedPath}: {reason}.", hint);
    }

    /// <summary>The exception for what .NET's file APIs threw.</summary>
    public static SavepointException FromException(string operation, WorkspacePath path, Exception exception) => FromExceptionAt(operation, Quote(path), exception);

    /// <summary>As <see cref="FromException"/>, for what is no entry of a workspace.</summary>
    public static SavepointException FromExceptionAt(string operation, string quotedPath, Exception exception)
    {
        // On Unix .NET puts the errno into HResult; on Windows the low half is the Win32 code.
        var number = OperatingSystem.IsWindows() ? exception.HResult & 0xFFFF : exception.HResult;
        var errno = exception switch
        {
            UnauthorizedAccessException => AccessDenied,
            FileNotFoundException or DirectoryNotFoundException => NoEntry,
            PathTooLongException => NameTooLong,
            _ when OperatingSystem.IsWindows() => number is WindowsDiskFull or WindowsHandleDiskFull ? NoSpace : 0,
            _ => number,
        };
        var (code, hint) = Classify(errno);
        return new SavepointException(code, $"Cannot {operation} {quotedPath}: {exception.Message}", hint, exception);
    }

    /// <summary>The path as messages show it; <c>.</c> for the root.</summary>
    public static string Quote(WorkspacePath path) => path.IsRoot ? "." : PathQuoting.Quote(path.Bytes);

    private static (ErrorCode Code, string Hint) Classify(int errno) => errno switch
    {
        NoSpace => (ErrorCode.DiskFull, "Free some space on the file system that holds the workspace, then try again."),
        QuotaExceeded => (ErrorCode.DiskFull, "The disk quota is used up: free some space or have it raised, then try again."),
        ReadOnlyFileSystem => (ErrorCode.PermissionDenied, "The file system is mounted read-only: mount it writable, then try again."),
        AccessDenied or NotPermitted => (ErrorCode.PermissionDenied, "Compare its owner and mode (ls -ld, and lsattr for an immutable file) with the user that runs this, and give that user access."),
        TooManyLinks or CrossesDevice => (ErrorCode.RefusedPath, "Replace the link by a directory, or track the link's target as a workspace of its own."),
        TooManyOpen => (ErrorCode.Environment, "Raise the limit on open files (ulimit -n), then try again."),
        TooManyInSystem => (ErrorCode.Environment, "The whole system has too many files open: end programs or raise fs.file-max, then try again."),
        InputOutput => (ErrorCode.Environment, "The disk or its connection fails: look into the system's log, and copy away what matters."),
        NoEntry or NotDirectory => (ErrorCode.Environment, "Another program is changing the workspace: try again when it has finished."),
        Exists or IsDirectory or NotEmpty => (ErrorCode.Environment, "Something else stands there by now: look at it (ls -la), then try again."),
        NameTooLong => (ErrorCode.Environment, "The file system does not take names this long: shorten it, or move the workspace to another file system."),
        _ => (ErrorCode.Environment, "Look at the entry (ls -la) and at the file system it is on, then try again."),
    };
}
