using System.Runtime.InteropServices;

namespace Savepoint.Cli.Platform;

/// <summary>
/// The calls that start a program and wait for it, as a shell does: .NET's own Process class takes over the terminal's
/// settings and SIGCHLD, and cannot leave the standard streams alone without owning them. Not for Windows.
/// </summary>
internal static unsafe partial class ChildCalls
{
    // Bytes enough for posix_spawnattr_t, posix_spawn_file_actions_t, sigset_t and siginfo_t of any C library: the
    // largest is glibc's first, with 336.
    private const int OpaqueBytes = 1024;

    private const short SetSignalDefaults = 0x04; // POSIX_SPAWN_SETSIGDEF of glibc, musl and macOS
    private const int BrokenPipeSignal = 13; // SIGPIPE
    private const int ChildSignal = 17; // SIGCHLD of Linux

    private const int Interrupted = 4; // EINTR
    private const int ByProcess = 1; // P_PID
    private const int Exited = 4; // WEXITED

    private static int LeaveWaiting => OperatingSystem.IsMacOS() ? 0x20 : 0x01000000; // WNOWAIT

    /// <summary>Starts a program with our descriptors, terminal, process group and environment.</summary>
    /// <param name="arguments">The program, searched on the PATH if it has no slash, and its arguments, as bytes.</param>
    /// <param name="outputToError">Whether its standard output shall go where our standard error goes.</param>
    /// <param name="process">Its number.</param>
    /// <returns>0, or the errno that says why it could not be started.</returns>
    public static int Start(IReadOnlyList<byte[]> arguments, bool outputToError, out int process)
    {
        byte* attribute = stackalloc byte[OpaqueBytes], action = stackalloc byte[OpaqueBytes], signals = stackalloc byte[OpaqueBytes];

        // .NET ignores SIGPIPE, and what is ignored is inherited: head(1) would never end its writer.
        _ = EmptySignals(signals);
        _ = AddSignal(signals, BrokenPipeSignal);
        _ = InitAttributes(attribute);
        _ = SetDefaults(attribute, signals);
        _ = SetFlags(attribute, SetSignalDefaults);
        _ = InitActions(action);
        if (outputToError)
        {
            _ = AddDuplicate(action, 2, 1);
        }

        KeepEndedChildren();
        var error = Spawn(arguments, action, attribute, out process);
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
        return signal == 0 ? (status >> 8) & 0xff : ExitCode.Signalled + signal;
    }

    /// <summary>Sends a signal. Nothing happens if the process is gone.</summary>
    public static void Send(int process, int signal) => _ = Kill(process, signal);

    // A parent that ignores SIGCHLD hands that down, and then the system forgets how a child ended.
    private static void KeepEndedChildren()
    {
        if (OperatingSystem.IsLinux() && PosixCalls.IsIgnored(ChildSignal))
        {
            SetDefault(ChildSignal, 0);
        }
    }

    private static int Spawn(IReadOnlyList<byte[]> arguments, byte* actions, byte* attributes, out int process)
    {
        var texts = new byte*[arguments.Count + 1];
        try
        {
            for (var i = 0; i < arguments.Count; i++)
            {
                texts[i] = (byte*)NativeMemory.AllocZeroed((nuint)arguments[i].Length + 1);
                arguments[i].CopyTo(new Span<byte>(texts[i], arguments[i].Length));
            }

            fixed (byte** vector = texts)
            fixed (int* number = &process)
            {
                return SpawnCall(number, texts[0], actions, attributes, vector, OwnEnvironment());
            }
        }
        finally
        {
            foreach (var text in texts)
            {
                NativeMemory.Free(text);
            }
        }
    }

    // Ours as it came, byte for byte: .NET's view of it holds text.
    private static byte** OwnEnvironment() => OperatingSystem.IsMacOS()
        ? *EnvironmentOfMac()
        : *(byte***)NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), "environ");

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

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int DestroyActions(byte* actions);

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    private static partial int EmptySignals(byte* signals);

    [LibraryImport("libc", EntryPoint = "sigaddset")]
    private static partial int AddSignal(byte* signals, int signal);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetDefault(int signal, nint handler);

    [LibraryImport("libc", EntryPoint = "waitid", SetLastError = true)]
    private static partial int WaitFor(int idType, int id, byte* information, int options);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int WaitProcess(int process, int* status, int options);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
