using System.Text.Json;
using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>Which tree a store belongs to.</summary>
/// <param name="Root">The root's canonical path.</param>
/// <param name="Identity">The root directory itself.</param>
/// <param name="StoreDirectory">Where the store is, if not in the catalog.</param>
/// <param name="Copy">For a branch's working copy, of what; null for a workspace.</param>
internal sealed record WorkspaceRecord(string Root, WorkspaceIdentity Identity, string? StoreDirectory, CopyOf? Copy = null)
{
    /// <summary>Where the tree was before it was moved, or the one that it took the history over from; null if there was none.</summary>
    public string? Was { get; init; }

    /// <summary>The record of a tree that goes on with the history.</summary>
    public WorkspaceRecord At(string root, WorkspaceIdentity identity) => this with { Root = root, Identity = identity, Was = root == Root ? Was : Root };
}

/// <summary>Of which workspace a tree is a working copy.</summary>
/// <param name="Branch">The branch that is worked on in it.</param>
/// <param name="Folder">The workspace's folder in the catalog, which stays when the workspace moves.</param>
internal sealed record CopyOf(string Branch, string Folder);

/// <summary>
/// Reads and writes <c>workspace.json</c>, value by value: each command reads it, and a serializer takes it half a
/// millisecond to get ready.
/// </summary>
internal static class WorkspaceRecordFile
{
    /// <summary>The name that a record has until it is whole, beside it.</summary>
    public const string AsideName = "workspace.json.new";

    /// <summary>After the first few each is a millisecond or more.</summary>
    private const int MaxSpins = 2000;

    /// <summary>The record; null if there is none, it says nothing that can be understood, or it is not ours to read.</summary>
    /// <exception cref="SavepointException">It is there, and the system fails to read it: to take it for absent would begin a second history.</exception>
    public static WorkspaceRecord? TryRead(string path)
    {
        try
        {
            return File.Exists(path) ? Parse(ReadBytes(path)) : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException or JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
        catch (IOException e)
        {
            throw StoreFileErrors.Translate($"The store's record {path} cannot be read", e);
        }
    }

    /// <summary>
    /// Replaces the record in one step, on the disk before it returns: a history whose record is empty would be nobody's.
    /// </summary>
    /// <exception cref="SavepointException">The disk is full, or the store's folder cannot be written.</exception>
    public static void Write(string path, WorkspaceRecord record)
    {
        var folder = Path.GetDirectoryName(path)!;
        try
        {
            WriteAside(Path.Combine(folder, AsideName), path, record);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StoreFileErrors.Translate($"The store's record {path} cannot be written", e);
        }

        DirectorySync.Sync(folder);
    }

    /// <summary>All of a file that its writer still holds for the moment in which it gets its name.</summary>
    private static byte[] ReadBytes(string path)
    {
        var wait = new SpinWait();
        while (true)
        {
            try
            {
                return File.ReadAllBytes(path);
            }
            catch (IOException e) when (StoreFileErrors.IsHeld(e) && wait.Count < MaxSpins)
            {
                wait.SpinOnce();
            }
        }
    }

    private static void WriteAside(string aside, string path, WorkspaceRecord record)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(aside, options);
        using (var json = new Utf8JsonWriter(file))
        {
            json.WriteStartObject();
            json.WriteString("root", record.Root);
            json.WriteNumber("inode", record.Identity.Inode);
            json.WriteNumber("device", record.Identity.Device);
            json.WriteNumber("birthNs", record.Identity.BirthNs);
            if (record.StoreDirectory is { } store)
            {
                json.WriteString("store", store);
            }

            if (record.Was is { } was)
            {
                json.WriteString("was", was);
            }

            if (record.Copy is { } copy)
            {
                json.WriteString("branch", copy.Branch);
                json.WriteString("workspace", copy.Folder);
            }

            json.WriteEndObject();
        }

        file.Flush(flushToDisk: true);
        File.Move(aside, path, overwrite: true); // while it is held: nobody else writes into it
    }

    private static WorkspaceRecord? Parse(ReadOnlySpan<byte> bytes)
    {
        string? root = null, store = null, was = null, branch = null, workspace = null;
        long inode = 0, device = 0, birthNs = 0;
        var json = new Utf8JsonReader(bytes);
        while (json.Read())
        {
            if (json.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            var name = json.GetString();
            json.Read();
            switch (name)
            {
                case "root":
                    root = json.GetString();
                    break;
                case "store":
                    store = json.GetString();
                    break;
                case "was":
                    was = json.GetString();
                    break;
                case "branch":
                    branch = json.GetString();
                    break;
                case "workspace":
                    workspace = json.GetString();
                    break;
                case "inode":
                    inode = json.GetInt64();
                    break;
                case "device":
                    device = json.GetInt64();
                    break;
                case "birthNs":
                    birthNs = json.GetInt64();
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        var copy = branch is null || workspace is null ? null : new CopyOf(branch, workspace);
        return root is null ? null : new WorkspaceRecord(root, new WorkspaceIdentity(inode, device, birthNs), store, copy) { Was = was };
    }
}
