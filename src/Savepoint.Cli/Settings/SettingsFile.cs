using System.Text.Json;
using Savepoint.Model;

namespace Savepoint.Cli.Settings;

/// <summary>Reads one settings file: a JSON object, comments allowed. Each fault names the file and the key.</summary>
internal static class SettingsFile
{
    /// <summary>More is no settings file, and is not read into memory.</summary>
    private const long MaxLengthBytes = 1 << 20;

    /// <summary>The file's bytes; null if there is no such file.</summary>
    public static byte[]? Read(string file)
    {
        try
        {
            // A pipe or a device, for which one could wait for ever, has no length.
            return !File.Exists(file) ? null
                : Length(file) switch
                {
                    0 => throw Invalid(file, "it is empty, or no ordinary file"),
                    > MaxLengthBytes => throw Invalid(file, $"it is larger than {MaxLengthBytes} bytes"),
                    _ => File.ReadAllBytes(file),
                };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Invalid(file, $"it cannot be read ({e.Message})");
        }
    }

    /// <summary>The keys and values of a file's bytes; what stands in an object that no key is named after, as <c>object.member</c>.</summary>
    public static List<(string Key, JsonElement Value)> Parse(string file, byte[] bytes)
    {
        try
        {
            var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
            using var document = JsonDocument.Parse(WithoutMark(bytes), options);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? [.. Members(document.RootElement, "")]
                : throw Invalid(file, "it is no JSON object");
        }
        catch (JsonException e)
        {
            throw Invalid(file, $"it is no valid JSON, see line {(e.LineNumber ?? 0) + 1}");
        }
    }

    private static IEnumerable<(string Key, JsonElement Value)> Members(JsonElement from, string prefix) => from.EnumerateObject().SelectMany(member =>
        member.Value.ValueKind == JsonValueKind.Object && SettingKey.Find(prefix + member.Name) is null
            ? Members(member.Value, $"{prefix}{member.Name}.")
            : [(prefix + member.Name, member.Value.Clone())]);

    public static SavepointException Invalid(string file, string why) =>
        new(ErrorCode.InvalidSettings, $"The settings file {file} cannot be used: {why}.", "Correct the file; 'savepoint config --help' lists the keys and their values.");

    public static SavepointException InvalidKey(string file, string key, string why) =>
        new(ErrorCode.InvalidSettings, $"The setting '{key}' in {file} cannot be used: {why}.", "Correct the file; 'savepoint config --help' lists the keys and their values.");

    // The length of what a link leads to: that is what is read.
    private static long Length(string file) =>
        (new FileInfo(file).LinkTarget is null ? new FileInfo(file) : (FileInfo)File.ResolveLinkTarget(file, returnFinalTarget: true)!).Length;

    // Editors on Windows put a byte order mark before JSON.
    private static ReadOnlyMemory<byte> WithoutMark(byte[] bytes) => bytes.AsMemory(bytes.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0);
}
