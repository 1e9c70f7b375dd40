using System.Runtime.InteropServices;
using System.Text;

namespace Savepoint.Workspaces.Linux;

/// <summary>
/// Copies extended attributes, and with them ACLs, which Linux keeps as <c>system.posix_acl_*</c>, from one open file to
/// another. What vouches for the old bytes (capabilities, integrity signatures) is not copied to new ones.
/// </summary>
internal static unsafe partial class ExtendedAttributes
{
    private const int MaxBytes = 64 * 1024; // XATTR_SIZE_MAX and XATTR_LIST_MAX of linux/limits.h

    /// <summary>Copies what it can, and adds the names of the others to <paramref name="lost"/>.</summary>
    /// <param name="from">A descriptor of any kind.</param>
    /// <param name="to">A descriptor of any kind.</param>
    /// <param name="lost">Where the names go.</param>
    public static void Copy(int from, int to, List<string> lost)
    {
        var source = LinuxCalls.ProcPath(from);
        var target = LinuxCalls.ProcPath(to);
        var list = List(source);
        if (list.IsEmpty)
        {
            return;
        }

        var value = new byte[MaxBytes];
        while (!list.IsEmpty)
        {
            var length = list.IndexOf((byte)0);
            if (!TryCopy(source, target, list[..(length + 1)], value))
            {
                lost.Add(Encoding.UTF8.GetString(list[..length]));
            }

            list = list[(length + 1)..];
        }
    }

    /// <summary>Whether there is an attribute of this name.</summary>
    /// <param name="descriptor">A descriptor of any kind.</param>
    /// <param name="terminatedName">The name with its NUL.</param>
    public static bool Has(int descriptor, ReadOnlySpan<byte> terminatedName)
    {
        fixed (byte* file = LinuxCalls.ProcPath(descriptor), name = terminatedName)
        {
            return GetCall(file, name, null, 0) >= 0;
        }
    }

    private static ReadOnlySpan<byte> List(byte[] path)
    {
        fixed (byte* file = path)
        {
            if (ListCall(file, null, 0) <= 0)
            {
                return default; // none, or the file system has none
            }

            var names = new byte[MaxBytes];
            fixed (byte* start = names)
            {
                return names.AsSpan(0, (int)Math.Max(ListCall(file, start, MaxBytes), 0));
            }
        }
    }

    private static bool TryCopy(byte[] source, byte[] target, ReadOnlySpan<byte> terminatedName, byte[] value)
    {
        if (terminatedName.SequenceEqual("security.capability\0"u8)
            || terminatedName.SequenceEqual("security.ima\0"u8)
            || terminatedName.SequenceEqual("security.evm\0"u8))
        {
            return false;
        }

        fixed (byte* from = source, to = target, name = terminatedName, buffer = value)
        {
            var length = GetCall(from, name, buffer, MaxBytes);
            return length >= 0 && SetCall(to, name, buffer, (nuint)length, 0) == 0;
        }
    }

    [LibraryImport("libc", EntryPoint = "listxattr")]
    private static partial nint ListCall(byte* path, byte* list, nuint size);

    [LibraryImport("libc", EntryPoint = "getxattr")]
    private static partial nint GetCall(byte* path, byte* name, byte* value, nuint size);

    [LibraryImport("libc", EntryPoint = "setxattr")]
    private static partial int SetCall(byte* path, byte* name, byte* value, nuint size, int flags);
}
