using System.Runtime.InteropServices;

namespace Savepoint.Workspaces.Linux;

/// <summary>The numbers of the system calls that a <see cref="ForkedProgram"/> makes: x64's (asm/unistd_64.h) and arm64's (asm-generic/unistd.h).</summary>
internal static class SystemCalls
{
    public static readonly nint ChangeDirectory = Of(80, 49);
    public static readonly nint Clone = Of(56, 220);
    public static readonly nint Close = Of(3, 57);
    public static readonly nint Duplicate = Of(292, 24);
    public static readonly nint Execute = Of(59, 221);
    public static readonly nint ExitGroup = Of(231, 94);
    public static readonly nint GetProcess = Of(39, 172);
    public static readonly nint Mount = Of(165, 40);
    public static readonly nint OpenAt = Of(257, 56);
    public static readonly nint ProcessControl = Of(157, 167);
    public static readonly nint ReadLinkAt = Of(267, 78);
    public static readonly nint SetSession = Of(112, 157);
    public static readonly nint SetSignalAction = Of(13, 134);
    public static readonly nint SetSignalMask = Of(14, 135);
    public static readonly nint Unshare = Of(272, 97);
    public static readonly nint Write = Of(1, 64);
    public static readonly nint WriteAt = Of(18, 68);

    private static nint Of(nint x64, nint arm64) => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? arm64 : x64;
}
