using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using SQLitePCL;

namespace Savepoint.Tests.Fidelity;

/// <summary>
/// Takes the superuser's rights from a child process, since permissions mean nothing to it. The C library's calls change
/// every thread of the process.
/// </summary>
internal static partial class OrdinaryUser
{
    private const uint Nobody = 65534;

    /// <summary>From here on this process is <c>nobody</c>; nothing happens if it is an ordinary user's already.</summary>
    public static void Become()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return;
        }

        LoadWhatNobodyMayNotRead();
        Check(SetGroups(0, 0));
        Check(SetGroup(Nobody, Nobody, Nobody));
        Check(SetUser(Nobody, Nobody, Nobody));
    }

    // The test's own files, and .NET's, may lie in a home directory that is closed to others.
    private static void LoadWhatNobodyMayNotRead()
    {
        foreach (var file in ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator))
        {
            try
            {
                Assembly.Load(new AssemblyName(Path.GetFileNameWithoutExtension(file)));
            }
            catch (Exception e) when (e is BadImageFormatException or IOException)
            {
                // A native library among them, or one for another version: nothing here asks for it.
            }
        }

        Batteries_V2.Init();
        SHA256.HashData([]);
    }

    private static void Check(int result)
    {
        if (result != 0)
        {
            throw new InvalidOperationException($"The user cannot be changed: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "setgroups", SetLastError = true)]
    private static partial int SetGroups(nuint count, nint groups);

    [LibraryImport("libc", EntryPoint = "setresgid", SetLastError = true)]
    private static partial int SetGroup(uint real, uint effective, uint saved);

    [LibraryImport("libc", EntryPoint = "setresuid", SetLastError = true)]
    private static partial int SetUser(uint real, uint effective, uint saved);
}
