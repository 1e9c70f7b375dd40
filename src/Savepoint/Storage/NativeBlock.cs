using System.Runtime.InteropServices;

namespace Savepoint.Storage;

/// <summary>
/// Memory outside of the runtime's heap. Large blocks are mapped, and given back to the system when they are freed: glibc's malloc raises its own
/// threshold for that to the largest block it ever freed, up to 32 MB, and from then on keeps what packs took, in each thread's arena.
/// </summary>
internal static unsafe partial class NativeBlock
{
    private const nuint MinMappedBytes = 512 * 1024;
    private const nuint HeaderBytes = 64; // before the block, its length; and as much as any processor aligns by

    // PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, MAP_FAILED
    private const int ReadWrite = 1 | 2;
    private const int PrivateAnonymous = 2 | 0x20;
    private const nint Failed = -1;

    /// <exception cref="InsufficientMemoryException">There is no room.</exception>
    public static void* Allocate(nuint length)
    {
        var whole = length + HeaderBytes;
        var block = OperatingSystem.IsLinux() && whole >= MinMappedBytes ? (byte*)Map(0, whole, ReadWrite, PrivateAnonymous, -1, 0) : (byte*)NativeMemory.Alloc(whole);
        if ((nint)block == Failed)
        {
            throw new InsufficientMemoryException($"The system has no {whole} bytes to give.");
        }

        *(nuint*)block = whole;
        return block + HeaderBytes;
    }

    /// <param name="block">As <see cref="Allocate"/> gave it; null for none.</param>
    public static void Free(void* block)
    {
        if (block is null)
        {
            return;
        }

        var start = (byte*)block - HeaderBytes;
        var whole = *(nuint*)start;
        if (OperatingSystem.IsLinux() && whole >= MinMappedBytes)
        {
            _ = Unmap((nint)start, whole);
        }
        else
        {
            NativeMemory.Free(start);
        }
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nuint length);
}
