using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Savepoint.Tests.Workspaces;

/// <summary>
/// Runs code without the superuser's right to pass over modes, so that tests of refused access mean the same for root and
/// for anybody else. For root, on a thread whose file-system user is 65534 ("nobody"): setfsuid(2) is per thread and takes
/// the capabilities for files with it. For another user, as it is.
/// </summary>
internal static partial class OrdinaryUser
{
    private const uint Nobody = 65534;

    public static void Run(Action action)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            var before = SetFileUser(Environment.IsPrivilegedProcess ? Nobody : uint.MaxValue);
            try
            {
                action();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
            finally
            {
                _ = SetFileUser(before);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
    }

    // Returns the user before; an id that does not exist changes nothing.
    [LibraryImport("libc", EntryPoint = "setfsuid")]
    private static partial uint SetFileUser(uint uid);
}
