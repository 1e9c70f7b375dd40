using System.Runtime.InteropServices;

namespace Savepoint.Crash;

/// <summary>
/// A file system of its own on a loop device, that can be shut down as a power loss does it: by ext4's own call, after which
/// nothing more reaches the disk. What was not written by then is gone.
/// </summary>
internal sealed partial class PowerDisk : IDisposable
{
    private const nuint ShutdownCall = 0x8004587D; // EXT4_IOC_SHUTDOWN, _IOR('X', 125, __u32)
    private const int ReadOnlyDirectory = 0x10000; // O_DIRECTORY

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("savepoint-power-");

    private PowerDisk()
    {
        Shell.Run(_folder.FullName, "truncate -s 192M image && mkfs.ext4 -q -F image && mkdir disk && mount -o loop image disk");
    }

    /// <summary>How it is shut down, by the call's flags.</summary>
    public enum Shutdown
    {
        /// <summary>Everything is written first.</summary>
        Flushed = 0,

        /// <summary>The file system's log is written first, the files' bytes are not.</summary>
        LogFlushed = 1,

        /// <summary>Nothing is written any more: what a power loss leaves.</summary>
        Sudden = 2,
    }

    /// <summary>Where it is mounted.</summary>
    public string Path => System.IO.Path.Combine(_folder.FullName, "disk");

    /// <summary>Mounts one; null, and a word why, if that is not allowed here.</summary>
    public static PowerDisk? TryMount()
    {
        var lack = !OperatingSystem.IsLinux() ? "it takes Linux"
            : !Environment.IsPrivilegedProcess ? "mounting a file system takes the superuser"
            : Array.Find(["mkfs.ext4", "mount", "umount", "losetup", "truncate"], program => !Shell.Has(program)) is { } missing ? $"there is no {missing} here"
            : null;
        if (lack is null)
        {
            try
            {
                return new PowerDisk();
            }
            catch (InvalidOperationException e)
            {
                lack = $"no loop device can be mounted here ({e.Message.ReplaceLineEndings(" ")})";
            }
        }

        Report.Say($"NOT TRIED: power losses: {lack}");
        return null;
    }

    /// <summary>Cuts the power.</summary>
    public void Cut(Shutdown how)
    {
        var directory = Open(Path, ReadOnlyDirectory);
        var flags = (uint)how;
        var result = directory < 0 ? -1 : Control(directory, ShutdownCall, ref flags);
        var error = Marshal.GetLastPInvokeErrorMessage();
        _ = directory < 0 ? 0 : Close(directory);
        if (result != 0)
        {
            throw new InvalidOperationException($"EXT4_IOC_SHUTDOWN: {error}");
        }
    }

    /// <summary>
    /// Gives the power back. Nobody may have anything open on it; a process that another test is just starting still has our open files
    /// until it has become that program, and one that was given mounts of its own has this one among them, without power, until it ends.
    /// </summary>
    public void Restart() => Shell.Run(_folder.FullName, """
        tries=0
        again() {
            tries=$((tries + 1))
            [ $tries -lt 600 ] || { echo "$1" >&2; exit 1; }
            sleep 0.1
        }
        until umount disk 2>refusal; do again "$(cat refusal)"; done
        while [ -n "$(losetup -j image)" ]; do again "somebody still has the image mounted: $(losetup -j image)"; done
        mount -o loop image disk
        """);

    public void Dispose() => Shell.Run(System.IO.Path.GetTempPath(), "umount -l \"$1/disk\"; rm -rf \"$1\"", _folder.FullName);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(int file, nuint request, ref uint argument);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);
}
