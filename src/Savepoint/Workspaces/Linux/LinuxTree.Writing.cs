using Microsoft.Win32.SafeHandles;
using Savepoint.Model;

namespace Savepoint.Workspaces.Linux;

/// <content>The part that writes. An entry is changed by its name in its open parent, or through its own descriptor.</content>
internal sealed partial class LinuxTree
{
    private const int ModeOfNewFile = 0x180; // 0600
    private const int ModeOfNewDirectory = 0x1C0; // 0700, until it gets its own

    public override TreeFileStream CreateNew(WorkspacePath path)
    {
        CheckWritable("create", path);
        var number = _root.Open(path.Bytes, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive, ModeOfNewFile);
        return number >= 0
            ? new TreeFileStream(new SafeFileHandle(number, ownsHandle: true), path, isNew: true)
            : throw TreeErrors.FromErrno("create", path, -number);
    }

    public override void Rename(WorkspacePath from, WorkspacePath to)
    {
        CheckWritable("rename", from);
        CheckWritable("replace", to);
        using var fromParent = RequireParent("rename", from);
        using var toParent = RequireParent("replace", to);
        Check("replace", to, LinuxCalls.Rename(fromParent.Number, from.Name, toParent.Number, to.Name));
    }

    public override bool TryRenameNew(WorkspacePath from, WorkspacePath to)
    {
        CheckWritable("rename", from);
        CheckWritable("make", to);
        using var fromParent = RequireParent("rename", from);
        using var toParent = RequireParent("make", to);
        var result = LinuxCalls.RenameNew(fromParent.Number, from.Name, toParent.Number, to.Name);
        if (result is -TreeErrors.InvalidArgument or -TreeErrors.NotImplemented)
        {
            // File systems without RENAME_NOREPLACE: a second name is never made over another entry either.
            result = LinuxCalls.Link(fromParent.Number, from.Name, toParent.Number, to.Name);
            result = result < 0 ? result : LinuxCalls.Unlink(fromParent.Number, from.Name, flags: 0);
        }

        if (result == -TreeErrors.Exists)
        {
            return false;
        }

        Check("make", to, result);
        return true;
    }

    public override bool TryExchange(WorkspacePath from, WorkspacePath to)
    {
        CheckWritable("rename", from);
        CheckWritable("replace", to);
        using var fromParent = RequireParent("rename", from);
        using var toParent = from.Parent == to.Parent ? new Descriptor(-TreeErrors.NoEntry) : RequireParent("replace", to);
        var result = LinuxCalls.Exchange(fromParent.Number, from.Name, toParent.IsOpen ? toParent.Number : fromParent.Number, to.Name);
        if (result is -TreeErrors.InvalidArgument or -TreeErrors.NotImplemented or -TreeErrors.NoEntry)
        {
            return false; // a file system without RENAME_EXCHANGE, or one of the two is gone
        }

        Check("replace", to, result);
        return true;
    }

    public override void DeleteFile(WorkspacePath path)
    {
        CheckWritable("delete", path);
        Remove("delete", path, flags: 0);
    }

    public override bool RemoveDirectory(WorkspacePath path)
    {
        CheckWritable("remove the directory", path);
        return Remove("remove the directory", path, LinuxCalls.RemoveDirectory);
    }

    public override void MakeDirectory(WorkspacePath path, UnixMode mode)
    {
        CheckWritable("make the directory", path);
        using var parent = RequireParent("make the directory", path);
        Check("make the directory", path, LinuxCalls.MakeDirectory(parent.Number, path.Name, ModeOfNewDirectory));

        try
        {
            // The umask and a set-group-id parent have their say in mkdir, not in chmod.
            using var made = new Descriptor(LinuxCalls.OpenAt(parent.Number, path.Name, OpenFlags.PathOnly | OpenFlags.Directory));
            Check("make the directory", path, made.Number);
            Check("set the mode of", path, LinuxCalls.SetMode(LinuxCalls.ProcPath(made.Number), mode.Bits));
        }
        catch (SavepointException)
        {
            // With a mode that nobody asked for it would be taken for somebody else's, and be left there.
            _ = LinuxCalls.Unlink(parent.Number, path.Name, LinuxCalls.RemoveDirectory);
            throw;
        }
    }

    public override void SetMode(WorkspacePath path, UnixMode mode)
    {
        if (!path.IsRoot)
        {
            CheckWritable("set the mode of", path);
        }

        using var entry = Require("set the mode of", path, OpenFlags.PathOnly);
        if (StatOf(entry, path).Type == EntryType.Symlink)
        {
            throw TreeErrors.FromErrno("set the mode of", path, TreeErrors.TooManyLinks);
        }

        Check("set the mode of", path, LinuxCalls.SetMode(LinuxCalls.ProcPath(entry.Number), mode.Bits));
    }

    public override void MakeSymlink(WorkspacePath path, ReadOnlySpan<byte> target)
    {
        CheckWritable("make the link", path);
        if (target.IsEmpty || target.Contains((byte)0))
        {
            throw new ArgumentException("A link's target is neither empty nor has a NUL byte.", nameof(target));
        }

        using var parent = RequireParent("make the link", path);
        Check("make the link", path, LinuxCalls.MakeSymlink(target, parent.Number, path.Name));
    }

    public override IReadOnlyList<string> CopyOwnership(WorkspacePath from, WorkspacePath to)
    {
        CheckWritable("set the owner of", to);
        using var source = TryOpen("read the owner of", from, OpenFlags.PathOnly);
        if (!source.IsOpen)
        {
            return [];
        }

        using var target = Require("set the owner of", to, OpenFlags.PathOnly);
        var lost = new List<string>();
        var (old, made) = (StatOf(source, from), StatOf(target, to));
        if ((old.Uid != made.Uid || old.Gid != made.Gid) && LinuxCalls.SetOwner(target.Number, old.Uid, old.Gid) < 0)
        {
            // Only the superuser gives files away, but anybody to a group that they are in.
            const uint Unchanged = uint.MaxValue;
            var keepsGroup = old.Gid == made.Gid || LinuxCalls.SetOwner(target.Number, Unchanged, old.Gid) == 0;
            lost.AddRange(old.Uid == made.Uid ? [] : ["owner"]);
            lost.AddRange(keepsGroup ? [] : ["group"]);
        }

        if (old.Type == made.Type && old.Type != EntryType.Symlink)
        {
            ExtendedAttributes.Copy(source.Number, target.Number, lost);
        }

        return lost;
    }

    public override void Sync(WorkspacePath path)
    {
        using var entry = Require("sync", path, OpenFlags.ReadOnly | OpenFlags.NonBlocking); // somebody may have put a pipe there
        Check("sync", path, LinuxCalls.Sync(entry.Number));
    }

    private Descriptor RequireParent(string operation, WorkspacePath path)
    {
        var number = _root.OpenParent(path);
        return number >= 0 ? new Descriptor(number) : throw TreeErrors.FromErrno(operation, path, -number);
    }

    private bool Remove(string operation, WorkspacePath path, int flags)
    {
        using var parent = new Descriptor(_root.OpenParent(path));
        if (parent.Number is -TreeErrors.NoEntry or -TreeErrors.NotDirectory)
        {
            return true; // nothing holds it, so it is gone
        }

        var result = parent.IsOpen ? LinuxCalls.Unlink(parent.Number, path.Name, flags) : parent.Number;
        switch (result)
        {
            case -TreeErrors.NotEmpty or -TreeErrors.Exists when flags == LinuxCalls.RemoveDirectory:
                return false;
            case -TreeErrors.NoEntry or >= 0:
                return true;
            default:
                throw TreeErrors.FromErrno(operation, path, -result);
        }
    }
}
