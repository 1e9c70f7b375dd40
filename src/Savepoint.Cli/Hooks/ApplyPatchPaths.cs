namespace Savepoint.Cli.Hooks;

/// <summary>
/// The files that a patch in the form of the <c>apply_patch</c> tool names: those it adds, changes, deletes, and moves to.
/// A line of a file's content begins with a blank, <c>+</c> or <c>-</c>, so a header cannot be content.
/// </summary>
internal static class ApplyPatchPaths
{
    private static readonly string[] Headers = ["*** Add File: ", "*** Update File: ", "*** Delete File: ", "*** Move to: "];

    public static List<string> In(string patch)
    {
        var paths = new List<string>();
        foreach (var line in patch.Split('\n'))
        {
            var header = Array.Find(Headers, header => line.StartsWith(header, StringComparison.Ordinal));
            if (header is not null && line[header.Length..].Trim() is { Length: > 0 } path && !paths.Contains(path))
            {
                paths.Add(path);
            }
        }

        return paths;
    }
}
