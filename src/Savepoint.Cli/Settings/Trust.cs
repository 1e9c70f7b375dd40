using System.Security.Cryptography;
using System.Text.Json;
using Savepoint.Cli.Hooks;
using Savepoint.Cli.Platform;

namespace Savepoint.Cli.Settings;

/// <summary>Whether a user has looked at a workspace's own settings file.</summary>
internal enum TrustState
{
    /// <summary>There is no such file.</summary>
    Absent,

    /// <summary>Nobody has trusted it.</summary>
    Untrusted,

    /// <summary>It was trusted, and is another one since.</summary>
    Changed,

    /// <summary>It is to the byte what was trusted.</summary>
    Trusted,
}

/// <summary>
/// Whether a workspace's own settings file may have anything run, or change any limit, without being asked: the one place
/// that decides it (docs/design/trust.md).
/// </summary>
/// <param name="State">Whether it is trusted.</param>
/// <param name="File">The file, whether it is there or not.</param>
/// <param name="Sha256">The hash of what was read, 64 hex digits; null if the file is not there.</param>
internal sealed record Trust(TrustState State, string File, string? Sha256)
{
    public const string FileName = "savepoint.json";

    private const string FolderName = "trusted";

    public bool IsTrusted => State == TrustState.Trusted;

    /// <summary>Whether a file of just these bytes is trusted in a workspace.</summary>
    /// <param name="storeHome">The folder of all histories; null where there is none, and so no trust.</param>
    /// <param name="workspace">The workspace's root, to which a hook and a person may come by different links.</param>
    /// <param name="bytes">What was read, and will be acted on; null if there is no file.</param>
    public static Trust Of(string? storeHome, string workspace, byte[]? bytes)
    {
        var file = Path.Combine(workspace, FileName);
        if (bytes is null)
        {
            return new Trust(TrustState.Absent, file, null);
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        var trusted = storeHome is null ? null : Recorded(storeHome, PosixCalls.WithoutLinks(workspace));
        return new Trust(trusted is null ? TrustState.Untrusted : trusted == hash ? TrustState.Trusted : TrustState.Changed, file, hash);
    }

    /// <summary>Trusts the file as it was read.</summary>
    /// <exception cref="Model.SavepointException">The record cannot be written.</exception>
    public void Grant(string storeHome, string workspace, DateTimeOffset now)
    {
        var root = PosixCalls.WithoutLinks(workspace);
        new HomeRecords(storeHome, FolderName).Keep(root, stream =>
        {
            using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
            json.WriteStartObject();
            json.WriteString("workspace", root);
            json.WriteString("sha256", Sha256);
            json.WriteString("time", now);
            json.WriteEndObject();
        });
    }

    /// <summary>Ends the trust in a workspace's file, whatever it says now.</summary>
    public static void Revoke(string storeHome, string workspace) => new HomeRecords(storeHome, FolderName).Delete(PosixCalls.WithoutLinks(workspace));

    /// <summary>The hash that was trusted for a workspace; null if none was.</summary>
    private static string? Recorded(string storeHome, string root)
    {
        try
        {
            if (new HomeRecords(storeHome, FolderName).Find(root) is not { } bytes)
            {
                return null;
            }

            using var document = JsonDocument.Parse(bytes);
            return HookPayload.Text(document.RootElement, "workspace") == root ? HookPayload.Text(document.RootElement, "sha256") : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
