using System.Text;
using Microsoft.Win32.SafeHandles;
using Savepoint.Model;

namespace Savepoint.Workspaces.Linux;

/// <summary>What to start, and where.</summary>
internal sealed record LaunchRequest
{
    /// <summary>The program, searched on the PATH if it has no slash, and its arguments. Empty: only what comes before is tried.</summary>
    public required IReadOnlyList<byte[]> Arguments { get; init; }

    /// <summary>The directory to run it in.</summary>
    public required string Directory { get; init; }

    /// <summary>The overlay that it sees; null for none.</summary>
    public OverlayMount? Overlay { get; init; }

    /// <summary>The environment, each entry as <c>NAME=value</c>; null for ours.</summary>
    public IReadOnlyList<byte[]>? Environment { get; init; }

    /// <summary>The descriptors that become its standard input, output and error; −1 for ours.</summary>
    public (int Input, int Output, int Error) Streams { get; init; } = (-1, -1, -1);

    /// <summary>Whether it gets a session of its own, away from the terminal and from signals that are sent to our group.</summary>
    public bool HasOwnSession { get; init; }
}

/// <summary>How a start went.</summary>
/// <param name="Process">The process; 0 if nothing was started.</param>
/// <param name="Namespace">Of an overlay, its mount namespace as <c>/proc</c> names it.</param>
/// <param name="FailedStep">What failed; null if nothing did.</param>
/// <param name="Errno">Why.</param>
internal readonly record struct Launch(int Process, string? Namespace, LaunchStep? FailedStep, int Errno);

/// <summary>The steps of a start.</summary>
internal enum LaunchStep
{
    Fork,
    Namespace,
    Mount,
    Directory,
    Execute,
}

/// <summary>
/// Starts a program in a directory, or in an overlay that it alone sees with what it starts: a child is forked, makes its namespaces, mounts,
/// and becomes the program (docs/design/branches.md).
/// </summary>
internal static class CommandLaunch
{
    private const int NewMounts = 0x20000; // CLONE_NEWNS
    private const int NewUsers = 0x10000000; // CLONE_NEWUSER
    private const int Recursive = 0x4000; // MS_REC
    private const int Slave = 0x80000; // MS_SLAVE: no mount of ours gets out, and what others unmount is not held by us
    private const int CurrentDirectory = -100; // AT_FDCWD
    private const int NamespaceBytes = 64;
    private const int DeathSignal = 1; // PR_SET_PDEATHSIG
    private const int KillSignal = 9;
    private const int AttemptCount = 3;

    /// <summary>In which a child has said its first word, or never will.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>
    /// As <see cref="Start(LaunchRequest)"/>, and the system kills what was started should this process die. It does so as well when the thread ends that
    /// forked, so that is one that lasts as long as the process.
    /// </summary>
    public static Launch StartBound(LaunchRequest request)
    {
        var started = new TaskCompletionSource<Launch>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            Launch launch;
            try
            {
                launch = Start(request);
            }
            catch (Exception e) when (e is SavepointException or IOException or DllNotFoundException or EntryPointNotFoundException)
            {
                started.SetException(e);
                return;
            }

            started.SetResult(launch);
            if (launch.Process > 0)
            {
                LinuxCalls.AwaitEndOf(launch.Process, Timeout.InfiniteTimeSpan);
            }
        })
        { IsBackground = true, Name = "Savepoint launch" }.Start();
        return started.Task.GetAwaiter().GetResult();
    }

    /// <summary>Starts it, as root without a user namespace, since files of others would be nobody's in one; where that is forbidden, and else, in one.</summary>
    public static Launch Start(LaunchRequest request)
    {
        if (request.Overlay is null || LinuxCalls.UserId() != 0)
        {
            return Start(request, inUserNamespace: request.Overlay is not null);
        }

        var plain = Start(request, inUserNamespace: false);
        return plain.FailedStep is LaunchStep.Namespace or LaunchStep.Mount ? Start(request, inUserNamespace: true) : plain;
    }

    private static Launch Start(LaunchRequest request, bool inUserNamespace)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (TryStart(request, inUserNamespace) is { } launch)
            {
                return launch;
            }

            if (attempt == AttemptCount)
            {
                return new Launch(0, null, LaunchStep.Fork, TreeErrors.TryAgain);
            }
        }
    }

    /// <summary>Null if the child came to nothing and it should be tried again.</summary>
    private static Launch? TryStart(LaunchRequest request, bool inUserNamespace)
    {
        using var program = new ForkedProgram();
        var marks = new List<(int From, LaunchStep Step)> { (0, LaunchStep.Fork) };
        var pipe = LinuxCalls.Pipe(out var read, out var write);
        if (pipe < 0)
        {
            return new Launch(0, null, LaunchStep.Fork, -pipe);
        }

        using var output = new SafeFileHandle(read, ownsHandle: true);
        int process;
        using (new SafeFileHandle(write, ownsHandle: true))
        {
            AddCalls(program, marks, request, inUserNamespace, write);
            process = program.Start(write);
        }

        if (process < 0)
        {
            return new Launch(0, null, LaunchStep.Fork, -process);
        }

        if (LinuxCalls.ReadAll(read, 2 * NamespaceBytes, Patience) is not { } told)
        {
            LinuxCalls.Kill(process);
            LinuxCalls.Reap(process);
            return null;
        }

        var failure = told.Length % NamespaceBytes == 0 ? null : (int[]?)[BitConverter.ToInt32(told, told.Length - 8), BitConverter.ToInt32(told, told.Length - 4)];
        var space = told.Length >= NamespaceBytes ? Encoding.ASCII.GetString(told, 0, NamespaceBytes).TrimEnd('\0') : null;
        if (failure is null && request.Arguments.Count > 0)
        {
            return new Launch(process, space, null, 0);
        }

        LinuxCalls.Reap(process);
        return failure is null ? new Launch(0, space, null, 0) : new Launch(0, null, marks.FindLast(mark => mark.From <= failure[0]).Step, failure[1]);
    }

    private static void AddCalls(ForkedProgram program, List<(int From, LaunchStep Step)> marks, LaunchRequest request, bool inUserNamespace, int report)
    {
        int Mark(LaunchStep step, int place)
        {
            marks.Add((place, step));
            return place;
        }

        if (request.Overlay is { } overlay)
        {
            Mark(LaunchStep.Namespace, program.Add(SystemCalls.Unshare, [NewMounts | (inUserNamespace ? NewUsers : 0)]));
            if (inUserNamespace)
            {
                var (user, group) = (LinuxCalls.UserId(), LinuxCalls.GroupId());
                program.AddWrite("/proc/self/setgroups", "deny", isOptional: true);
                program.AddWrite("/proc/self/uid_map", $"{user} {user} 1\n");
                program.AddWrite("/proc/self/gid_map", $"{group} {group} 1\n");
            }

            var none = program.Text("none");
            Mark(LaunchStep.Mount, program.Add(SystemCalls.Mount, [none, program.Text("/"), 0, Recursive | Slave, 0]));
            program.Add(SystemCalls.Mount, [program.Text("overlay"), program.Text(overlay.Target), program.Text("overlay"), 0, program.Bytes(overlay.Options(inUserNamespace))]);
            var space = program.Allocate(NamespaceBytes);
            program.Add(SystemCalls.ReadLinkAt, [CurrentDirectory, program.Text("/proc/self/ns/mnt"), space, NamespaceBytes - 1], isOptional: true);
            program.Add(SystemCalls.Write, [report, space, NamespaceBytes]);
            if (overlay.NoteTo >= 0)
            {
                program.Add(SystemCalls.WriteAt, [overlay.NoteTo, space, NamespaceBytes, 0], isOptional: true);
            }
        }

        Mark(LaunchStep.Directory, program.Add(SystemCalls.ChangeDirectory, [program.Text(request.Directory)]));
        if (request.HasOwnSession)
        {
            program.Add(SystemCalls.SetSession, [], isOptional: true);
        }

        AddStreams(program, request.Streams);
        if (request.Overlay is not null)
        {
            program.Add(SystemCalls.ProcessControl, [DeathSignal, KillSignal], isOptional: true); // last, since a change of credentials takes it back
        }

        if (request.Arguments.Count > 0)
        {
            AddExecute(program, marks, request);
        }
    }

    private static void AddStreams(ForkedProgram program, (int Input, int Output, int Error) streams)
    {
        foreach (var (from, to) in (ReadOnlySpan<(int, int)>)[(streams.Input, 0), (streams.Output, 1), (streams.Error, 2)])
        {
            if (from >= 0 && from != to)
            {
                program.Add(SystemCalls.Duplicate, [from, to, 0]);
            }
        }
    }

    private static void AddExecute(ForkedProgram program, List<(int From, LaunchStep Step)> marks, LaunchRequest request)
    {
        var arguments = program.Vector([.. request.Arguments.Select(argument => program.Bytes(argument))]);
        var environment = program.Vector([.. (request.Environment ?? LinuxCalls.Environment()).Select(entry => program.Bytes(entry))]);
        var candidates = Candidates(request.Arguments[0], request.Environment ?? LinuxCalls.Environment());
        for (var i = 0; i < candidates.Count; i++)
        {
            var place = program.Add(SystemCalls.Execute, [program.Bytes(candidates[i]), arguments, environment], isOptional: i < candidates.Count - 1);
            if (i == 0)
            {
                marks.Add((place, LaunchStep.Execute));
            }
        }
    }

    /// <summary>Where a program may be: on the PATH, if it has no slash. None behind the first that is there now, so that its failure is what is told.</summary>
    private static List<byte[]> Candidates(byte[] name, IReadOnlyList<byte[]> environment)
    {
        if (name.Contains((byte)'/'))
        {
            return [name];
        }

        var path = environment.FirstOrDefault(entry => entry.AsSpan().StartsWith("PATH="u8)) is { } found ? Encoding.UTF8.GetString(found.AsSpan(5)) : "/usr/local/bin:/usr/bin:/bin";
        var all = path.Split(':').Select(directory => (byte[])[.. Encoding.UTF8.GetBytes(directory.Length == 0 ? "." : directory), (byte)'/', .. name]).ToList();
        var there = all.Find(candidate => File.Exists(Encoding.UTF8.GetString(candidate)));
        return there is null ? all : [.. all.TakeWhile(candidate => candidate != there), there];
    }
}
