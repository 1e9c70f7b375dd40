using System.Text.Json;
using System.Text.Json.Serialization;
using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>Which tree a store belongs to.</summary>
/// <param name="Root">The root's canonical path.</param>
/// <param name="Identity">The root directory itself.</param>
/// <param name="StoreDirectory">Where the store is, if not in the catalog.</param>
internal sealed record WorkspaceRecord(string Root, WorkspaceIdentity Identity, string? StoreDirectory);

/// <summary>Reads and writes <c>workspace.json</c>.</summary>
internal static class WorkspaceRecordFile
{
    /// <summary>The record; null if there is none or it cannot be read.</summary>
    public static WorkspaceRecord? TryRead(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), WorkspaceJson.Default.WorkspaceFile) is { Root: { } root } file
                ? new WorkspaceRecord(root, new WorkspaceIdentity(file.Inode, file.Device, file.BirthNs), file.Store)
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Replaces the record in one step.</summary>
    public static void Write(string path, WorkspaceRecord record)
    {
        var file = new WorkspaceFile(record.Root, record.Identity.Inode, record.Identity.Device, record.Identity.BirthNs, record.StoreDirectory);
        var aside = $"{path}.{Environment.ProcessId}";
        File.WriteAllBytes(aside, JsonSerializer.SerializeToUtf8Bytes(file, WorkspaceJson.Default.WorkspaceFile));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(aside, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        File.Move(aside, path, overwrite: true);
    }
}

/// <summary>The shape of <c>workspace.json</c>.</summary>
internal sealed record WorkspaceFile(string Root, long Inode, long Device, long BirthNs, string? Store);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WorkspaceFile))]
internal sealed partial class WorkspaceJson : JsonSerializerContext;
