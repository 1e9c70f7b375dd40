namespace Savepoint.Model;

/// <summary>
/// What tells a directory from every other one, wherever it moves: its inode and birth time. An inode number alone is
/// used again once its directory is deleted; the device's number may change when the machine restarts.
/// </summary>
/// <param name="Inode">The inode's number, 0 where the platform has none.</param>
/// <param name="Device">The device's number, 0 where the platform has none.</param>
/// <param name="BirthNs">When it was created, in nanoseconds since 1970, 0 where the file system does not say.</param>
public readonly record struct WorkspaceIdentity(long Inode, long Device, long BirthNs)
{
    /// <summary>Whether the two are the same directory, as far as the file system can tell.</summary>
    public bool IsSameDirectory(WorkspaceIdentity other) =>
        Inode == other.Inode && BirthNs == other.BirthNs && (BirthNs != 0 || Device == other.Device);
}
