namespace Savepoint.Workspaces;

/// <summary>
/// Which directory a workspace's root is, so that one that was moved is known again and another one put in its place is
/// not taken for it: a reused inode number has another birth time.
/// </summary>
/// <param name="Device">The file system, as <see cref="EntryStat.Device"/>; it may change when the machine restarts.</param>
/// <param name="Inode">The inode's number.</param>
/// <param name="BirthNs">When the inode was made, in nanoseconds since 1970; 0 where the file system does not say.</param>
internal readonly record struct RootIdentity(long Device, long Inode, long BirthNs);
