using System.Runtime.InteropServices;

namespace Savepoint.Checking.Running;

/// <summary>
/// The calls that start a program and wait for it, as a shell does: .NET's own Process class takes over the terminal's
/// settings and SIGCHLD, cannot leave the standard streams alone without owning them, and begins no session. Not for Windows.
/// The command has this file, too.
/// </summary>
internal static unsafe partial class ChildCalls
{
    // Bytes enough for posix_spawnattr_t, posix_spawn_file_actions_t, sigset_t and siginfo_t of any C library: the
    // largest is glibc's first, with 336.
    private const int OpaqueBytes = 1024;

    private const short SetSignalDefaults = 0x04; // POSIX_SPAWN_SETSIGDEF of glibc, musl and macOS
    private const int BrokenPipeSignal = 13; // SIGPIPE
    private const int ChildSignal = 17; // SIGCHLD of Linux
    private const int Signalled = 128;

    private const int Interrupted = 4; // EINTR
    private const int ByProcess = 1; // P_PID
    private const int Exited = 4; // WEXITED

    private static short BeginSession => OperatingSystem.IsMacOS() ? (short)0x400 : (short)0x80; // POSIX_SPAWN_SETSID

    private static int LeaveWaiting => OperatingSystem.IsMacOS() ? 0x20 : 0x01000000; // WNOWAIT

    /// <summary>Starts a program.</summary>
    /// <param name="child">What, and what it is given.</param>
    /// <param name="process">Its number.</param>
    /// <returns>0, or the errno that says why it could not be started.</returns>
    public static int Start(ChildStart child, out int process)
    {
        byte* attribute = stackalloc byte[OpaqueBytes], action = stackalloc byte[OpaqueBytes], signals = stackalloc byte[OpaqueBytes];

        // .NET ignores SIGPIPE, and what is ignored is inherited: head(1) would never end its writer.
        _ = EmptySignals(signals);
        _ = AddSignal(signals, BrokenPipeSignal);
        _ = InitAttributes(attribute);
        _ = SetDefaults(attribute, signals);
        _ = SetFlags(attribute, (short)(SetSignalDefaults | (child.BeginsSession ? BeginSession : 0)));
        _ = InitActions(action);
        Redirect(action, child);
        KeepEndedChildren();
        var error = Spawn(child, action, attribute, out process);
        _ = DestroyActions(action);
        _ = DestroyAttributes(attribute);
        return error;
    }

    /// <summary>Returns when the process has ended; its number stays its own until <see cref="Reap"/>.</summary>
    public static void AwaitEnd(int process)
    {
        var information = stackalloc byte[OpaqueBytes];
        while (WaitFor(ByProcess, process, information, Exited | LeaveWaiting) < 0 && Marshal.GetLastPInvokeError() == Interrupted)
        {
        }
    }

    /// <summary>How an ended process ended: its exit code, or 128 and the number of the signal that killed it.</summary>
    public static int Reap(int process)
    {
        int status;
        while (WaitProcess(process, &status, 0) < 0 && Marshal.GetLastPInvokeError() == Interrupted)
        {
        }

        var signal = status & 0x7f; // WTERMSIG
        return signal == 0 ? (status >> 8) & 0xff : Signalled + signal;
    }

    /// <summary>Sends a signal; to all of a process group if the number is negative. Nothing happens if nobody is there.</summary>
    public static void Send(int process, int signal) => _ = Kill(process, signal);

    private static void Redirect(byte* action, ChildStart child)
    {
        if (child.HasNoInput)
        {
            fixed (byte* nothing = "/dev/null\0"u8)
            {
                _ = AddOpen(action, 0, nothing, 0, 0);
            }
        }

        if (child.Output is { } output)
        {
            _ = AddDuplicate(action, output, 1);
        }

        if (child.Error is { } error)
        {
            _ = AddDuplicate(action, error, 2);
        }

        if (child.Directory is { } directory)
        {
            fixed (byte* path = (byte[])[.. directory, 0])
            {
                _ = AddDirectory(action, path);
            }
        }
    }

    // A parent that ignores SIGCHLD hands that down, and then the system forgets how a child ended.
    private static void KeepEndedChildren()
    {
        if (OperatingSystem.IsLinux() && IsIgnored(ChildSignal))
        {
            SetDefault(ChildSignal, 0);
        }
    }

    private static bool IsIgnored(int signal)
    {
        // struct sigaction begins with the handler, and SIG_IGN is 1.
        var action = stackalloc nint[OpaqueBytes / sizeof(nint)];
        return Action(signal, null, action) == 0 && *action == 1;
    }

    private static int Spawn(ChildStart child, byte* actions, byte* attributes, out int process)
    {
        var arguments = new CTexts(child.Arguments);
        var environment = child.Environment is { } variables ? new CTexts(variables) : null;
        try
        {
            fixed (byte** vector = arguments.Pointers)
            fixed (byte** given = environment?.Pointers)
            fixed (int* number = &process)
            {
                return SpawnCall(number, vector[0], actions, attributes, vector, given is null ? OwnEnvironment() : given);
            }
        }
        finally
        {
            arguments.Free();
            environment?.Free();
        }
    }

    /// <summary>Our environment as it came, byte for byte: .NET's view of it holds text.</summary>
    public static List<byte[]> Environment()
    {
        var variables = new List<byte[]>();
        for (var next = OwnEnvironment(); next is not null && *next is not null; next++)
        {
            variables.Add(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(*next).ToArray());
        }

        return variables;
    }

    private static byte** OwnEnvironment() => OperatingSystem.IsMacOS()
        ? *EnvironmentOfMac()
        : *(byte***)NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), "environ");

    /// <summary>Texts as C has them: ended by a zero byte each, and the list of them by a null.</summary>
    private sealed class CTexts
    {
        public CTexts(IReadOnlyList<byte[]> texts)
        {
            Pointers = new byte*[texts.Count + 1];
            for (var i = 0; i < texts.Count; i++)
            {
                Pointers[i] = (byte*)NativeMemory.AllocZeroed((nuint)texts[i].Length + 1);
                texts[i].CopyTo(new Span<byte>(Pointers[i], texts[i].Length));
            }
        }

        public byte*[] Pointers { get; }

        public void Free()
        {
            foreach (var text in Pointers)
            {
                NativeMemory.Free(text);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "_NSGetEnviron")]
    private static partial byte*** EnvironmentOfMac();

    [LibraryImport("libc", EntryPoint = "posix_spawnp")]
    private static partial int SpawnCall(int* process, byte* file, byte* actions, byte* attributes, byte** arguments, byte** environment);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    private static partial int InitAttributes(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    private static partial int SetFlags(byte* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    private static partial int SetDefaults(byte* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    private static partial int DestroyAttributes(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int InitActions(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static partial int AddDuplicate(byte* actions, int from, int to);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen")]
    private static partial int AddOpen(byte* actions, int descriptor, byte* path, int flags, uint mode);

    // glibc 2.29, musl 1.1.24, macOS 10.15
    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addchdir_np")]
    private static partial int AddDirectory(byte* actions, byte* path);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int DestroyActions(byte* actions);

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    private static partial int EmptySignals(byte* signals);

    [LibraryImport("libc", EntryPoint = "sigaddset")]
    private static partial int AddSignal(byte* signals, int signal);

    [LibraryImport("libc", EntryPoint = "sigaction")]
    private static partial int Action(int signal, nint* action, nint* former);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetDefault(int signal, nint handler);

    [LibraryImport("libc", EntryPoint = "waitid", SetLastError = true)]
    private static partial int WaitFor(int idType, int id, byte* information, int options);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int WaitProcess(int process, int* status, int options);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
