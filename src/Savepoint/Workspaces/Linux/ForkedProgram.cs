using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Savepoint.Workspaces.Linux;

/// <summary>
/// A list of system calls for a forked child to make, one after the other, up to an execve. A process with threads cannot
/// enter a user namespace, and of its child only the thread that forked is left, so that nothing there may wait for another: the
/// calls and all that they point to are laid out beforehand, outside of managed memory, and the child runs one loop over them
/// without an allocation, a lock or a transition of the runtime. Not thread-safe.
/// </summary>
/// <remarks>
/// The loop is run once in the parent before, so that it is compiled and bound when the child comes to it. What remains is a garbage
/// collection that begins in the very moment of the fork, for which the child would wait for ever: whoever starts it waits for
/// its first word with a limit, and begins again.
/// </remarks>
internal sealed unsafe class ForkedProgram : IDisposable
{
    private const int MaxCalls = 256;
    private const int ForkCall = 0; // the first call is the fork
    private const int ChildSignal = 17; // SIGCHLD
    private const int BrokenPipe = 13; // SIGPIPE
    private const int SetMask = 2; // SIG_SETMASK
    private const int SignalSetBytes = 8;
    private const int SignalActionBytes = 32;
    private const int FailedExit = 127;

    private readonly List<nint> _memory = [];
    private readonly Call* _calls;
    private int _count;

    public ForkedProgram()
    {
        _calls = (Call*)NativeMemory.AllocZeroed(MaxCalls, (nuint)sizeof(Call));
        Add(SystemCalls.Clone, [ChildSignal, 0, 0, 0, 0]);

        // .NET ignores SIGPIPE, and what is ignored is handed down: head(1) would never end its writer.
        Add(SystemCalls.SetSignalAction, [BrokenPipe, Allocate(SignalActionBytes), 0, SignalSetBytes]);
    }

    /// <summary>Adds a call. A failure ends the child, unless it is optional.</summary>
    /// <param name="number">Which call.</param>
    /// <param name="arguments">Up to six.</param>
    /// <param name="isOptional">Whether the child goes on if it fails.</param>
    /// <param name="firstIsResultOf">The call whose result is the first argument; −1 for what stands there.</param>
    /// <returns>Its place in the list.</returns>
    public int Add(nint number, ReadOnlySpan<nint> arguments, bool isOptional = false, int firstIsResultOf = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(_count, MaxCalls);
        ref var call = ref _calls[_count];
        call.Number = number;
        call.IsOptional = isOptional ? 1 : 0;
        call.FirstIsResultOf = firstIsResultOf;
        for (var i = 0; i < arguments.Length; i++)
        {
            call.Arguments[i] = arguments[i];
        }

        return _count++;
    }

    /// <summary>Writes a text into a file.</summary>
    public void AddWrite(string file, string text, bool isOptional = false)
    {
        const int CurrentDirectory = -100; // AT_FDCWD
        var opened = Add(SystemCalls.OpenAt, [CurrentDirectory, Text(file), OpenFlags.WriteOnly, 0], isOptional);
        Add(SystemCalls.Write, [0, Text(text), Encoding.UTF8.GetByteCount(text)], isOptional, opened);
        Add(SystemCalls.Close, [0], isOptional: true, opened);
    }

    /// <summary>A text with its NUL, in memory that lasts as long as this.</summary>
    public nint Text(string text) => Bytes(Encoding.UTF8.GetBytes(text));

    /// <inheritdoc cref="Text"/>
    public nint Bytes(ReadOnlySpan<byte> bytes)
    {
        var memory = Allocate(bytes.Length + 1);
        bytes.CopyTo(new Span<byte>((void*)memory, bytes.Length));
        return memory;
    }

    /// <summary>Addresses with a null at their end.</summary>
    public nint Vector(IReadOnlyList<nint> addresses)
    {
        var memory = (nint*)Allocate((addresses.Count + 1) * sizeof(nint));
        for (var i = 0; i < addresses.Count; i++)
        {
            memory[i] = addresses[i];
        }

        return (nint)memory;
    }

    /// <summary>Memory of zeros that lasts as long as this.</summary>
    public nint Allocate(int length)
    {
        var memory = (nint)NativeMemory.AllocZeroed((nuint)length);
        _memory.Add(memory);
        return memory;
    }

    /// <summary>Forks, and has the child make the calls.</summary>
    /// <param name="report">Where a failure is told: the place of the call and the errno, four bytes each. It closes when the child executes another program.</param>
    /// <returns>The child's process number, or the negated errno.</returns>
    public int Start(int report)
    {
        var call = (delegate* unmanaged[SuppressGCTransition]<nint, nint, nint, nint, nint, nint, nint, nint>)Export("syscall");
        var errno = (delegate* unmanaged[SuppressGCTransition]<int*>)Export("__errno_location");
        WarmUp(call, errno);
        byte* all = stackalloc byte[SignalSetBytes], before = stackalloc byte[SignalSetBytes];
        new Span<byte>(all, SignalSetBytes).Fill(0xFF);

        // No signal handler of the runtime's runs in the child before it is another program.
        Block(call, all, before);
        Add(SystemCalls.SetSignalMask, [SetMask, (nint)before, 0, SignalSetBytes]);
        MoveLastBefore(SystemCalls.Execute);
        var result = Run(_calls, _count, report, call, errno);
        Block(call, before, null);
        return result;
    }

    public void Dispose()
    {
        _memory.ForEach(memory => NativeMemory.Free((void*)memory));
        _memory.Clear();
        NativeMemory.Free(_calls);
    }

    /// <summary>The mask is given back just before the first execve.</summary>
    private void MoveLastBefore(nint number)
    {
        var last = _calls[_count - 1];
        var at = _count - 1;
        for (var i = 0; i < _count; i++)
        {
            if (_calls[i].Number == number)
            {
                at = i;
                break;
            }
        }

        for (var i = _count - 1; i > at; i--)
        {
            _calls[i] = _calls[i - 1];
        }

        _calls[at] = last;
    }

    private static void Block(delegate* unmanaged[SuppressGCTransition]<nint, nint, nint, nint, nint, nint, nint, nint> call, byte* mask, byte* before) =>
        call(SystemCalls.SetSignalMask, SetMask, (nint)mask, (nint)before, SignalSetBytes, 0, 0);

    private static void WarmUp(delegate* unmanaged[SuppressGCTransition]<nint, nint, nint, nint, nint, nint, nint, nint> call, delegate* unmanaged[SuppressGCTransition]<int*> errno)
    {
        var calls = stackalloc Call[2];
        calls[0] = new Call { Number = SystemCalls.Close, IsOptional = 1, FirstIsResultOf = -1 };
        calls[0].Arguments[0] = -1;
        calls[1] = new Call { Number = SystemCalls.GetProcess, FirstIsResultOf = -1 };
        _ = Run(calls, 1, -1, call, errno);
        _ = Run(calls + 1, 1, -1, call, errno);
    }

    /// <summary>
    /// Makes the calls. Where the first returns another number than 0, the parent, that is the result: its child goes on and never returns.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static int Run(
        Call* calls, int count, int report, delegate* unmanaged[SuppressGCTransition]<nint, nint, nint, nint, nint, nint, nint, nint> call, delegate* unmanaged[SuppressGCTransition]<int*> errno)
    {
        var told = stackalloc int[2];
        for (var i = 0; i < count; i++)
        {
            var next = calls + i;
            var first = next->FirstIsResultOf >= 0 ? calls[next->FirstIsResultOf].Result : (nint)next->Arguments[0];
            next->Result = call(next->Number, first, (nint)next->Arguments[1], (nint)next->Arguments[2], (nint)next->Arguments[3], (nint)next->Arguments[4], (nint)next->Arguments[5]);
            var error = next->Result == -1 ? *errno() : 0;
            if (i == ForkCall && next->Result != 0)
            {
                return error == 0 ? (int)next->Result : -error;
            }

            if (error != 0 && next->IsOptional == 0)
            {
                told[0] = i;
                told[1] = error;
                call(SystemCalls.Write, report, (nint)told, 2 * sizeof(int), 0, 0, 0);
                call(SystemCalls.ExitGroup, FailedExit, 0, 0, 0, 0, 0);
            }
        }

        call(SystemCalls.ExitGroup, 0, 0, 0, 0, 0, 0);
        return 0;
    }

    // Looked up by name, since a call through an import would go through the runtime.
    private static nint Export(string name) => NativeLibrary.GetExport(NativeLibrary.Load("libc", typeof(ForkedProgram).Assembly, null), name);

    [StructLayout(LayoutKind.Sequential)]
    private struct Call
    {
        public nint Number;
        public fixed long Arguments[6];
        public nint Result;
        public int IsOptional;
        public int FirstIsResultOf;
    }
}
