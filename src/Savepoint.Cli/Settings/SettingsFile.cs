using System.Text.Json;
using Savepoint.Model;

namespace Savepoint.Cli.Settings;

/// <summary>Reads one settings file: a JSON object, comments allowed. Each fault names the file and the key.</summary>
internal static class SettingsFile
{
    /// <summary>More is no settings file, and is not read into memory.</summary>
    private const long MaxLengthBytes = 1 << 20;

    /// <summary>The file's keys and values; null if there is no such file.</summary>
    public static List<(string Key, JsonElement Value)>? Read(string file)
    {
        try
        {
            if (!File.Exists(file))
            {
                return null;
            }

            if (new FileInfo(file).Length > MaxLengthBytes)
            {
                throw Invalid(file, $"it is larger than {MaxLengthBytes} bytes");
            }

            var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
            using var document = JsonDocument.Parse(File.ReadAllBytes(file), options);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? [.. document.RootElement.EnumerateObject().Select(member => (member.Name, member.Value.Clone()))]
                : throw Invalid(file, "it is no JSON object");
        }
        catch (JsonException e)
        {
            throw Invalid(file, $"it is no valid JSON, see line {(e.LineNumber ?? 0) + 1}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Invalid(file, $"it cannot be read ({e.Message})");
        }
    }

    public static SavepointException Invalid(string file, string why) =>
        new(ErrorCode.InvalidSettings, $"The settings file {file} cannot be used: {why}.", "Correct the file; 'savepoint config --help' lists the keys and their values.");

    public static SavepointException InvalidKey(string file, string key, string why) =>
        new(ErrorCode.InvalidSettings, $"The setting '{key}' in {file} cannot be used: {why}.", "Correct the file; 'savepoint config --help' lists the keys and their values.");
}
