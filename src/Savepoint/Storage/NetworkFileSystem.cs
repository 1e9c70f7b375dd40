using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>
/// File systems of other machines, which give processes no memory in common: SQLite's log needs it, and without it two of them
/// damage a store (sqlite.org/wal.html, section 1). What a virtual machine or a sandbox sees its own host's disk by (9p) is none of them.
/// </summary>
internal static class NetworkFileSystem
{
    /// <summary>As <see cref="DriveInfo.DriveFormat"/> names them.</summary>
    public static IReadOnlyList<string> Formats { get; } = ["nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "fuse.sshfs", "afs", "ceph"];

    /// <summary>Refuses a place for a store; whether it is there already does not matter.</summary>
    /// <exception cref="SavepointException">It is on another machine.</exception>
    public static void Refuse(string place) => Refuse(place, FormatOf(place));

    /// <summary>The same where the kind of file system is known; null: it is not.</summary>
    public static void Refuse(string place, string? format)
    {
        if (format is not null && Formats.Contains(format))
        {
            throw new SavepointException(
                ErrorCode.RefusedWorkspace,
                $"No store can be kept in {place}: it is on a network file system ({format}), where processes cannot share a database's log.",
                "Name a directory on a local disk with SAVEPOINT_HOME or 'init --store'.");
        }
    }

    private static string? FormatOf(string place)
    {
        var existing = Path.GetFullPath(place);
        while (!Directory.Exists(existing) && Path.GetDirectoryName(existing) is { } above)
        {
            existing = above;
        }

        try
        {
            return new DriveInfo(existing).DriveFormat;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null; // nothing is known against it
        }
    }
}
