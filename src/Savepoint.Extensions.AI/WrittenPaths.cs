using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Savepoint.Extensions.AI;

/// <summary>
/// What a call of somebody's tool will write, as far as its name and arguments tell. Wrong guesses are kept to one side:
/// to look at the whole tree in vain costs milliseconds, not to look where something changed leaves it without its author.
/// </summary>
internal static class WrittenPaths
{
    private static readonly string[] EditWords = ["write", "edit", "create", "save", "insert", "replace", "append", "delete", "remove", "rename", "move", "patch", "update"];

    private static readonly string[] PathNames =
        ["path", "filepath", "file", "filename", "targetfile", "notebookpath", "oldpath", "newpath", "source", "destination", "sourcepath", "destinationpath", "from", "to"];

    /// <summary>The paths as they are written; null if it may write anything.</summary>
    public static IReadOnlyList<string>? ByConvention(string toolName, AIFunctionArguments arguments)
    {
        if (!EditWords.Any(word => toolName.Contains(word, StringComparison.OrdinalIgnoreCase)))
        {
            return null;
        }

        var paths = new List<string>();
        foreach (var (name, value) in arguments.Where(argument => PathNames.Contains(argument.Key.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant())))
        {
            var text = value is JsonElement { ValueKind: JsonValueKind.String } element ? element.GetString() : value as string;
            if (text is null)
            {
                return null; // a list, say: whatever it means
            }

            paths.Add(text);
        }

        return paths.Count == 0 ? null : paths;
    }
}
