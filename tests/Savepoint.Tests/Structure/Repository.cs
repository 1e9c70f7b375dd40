using System.Runtime.CompilerServices;

namespace Savepoint.Tests.Structure;

/// <summary>The source tree that these tests were compiled from.</summary>
internal static class Repository
{
    /// <summary>Its root.</summary>
    public static string Root { get; } = FindRoot();

    public static string At(string path) => Path.Combine(Root, path);

    public static string Read(string path) => File.ReadAllText(At(path));

    /// <summary>The C# files below a folder, but for what a build made.</summary>
    public static IEnumerable<string> SourceFiles(string folder) =>
        Directory.EnumerateFiles(At(folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal));

    // From where the tests run, or if they were moved, from where this file was compiled.
    private static string FindRoot([CallerFilePath] string thisFile = "")
    {
        foreach (var start in new[] { AppContext.BaseDirectory, Path.GetDirectoryName(thisFile) })
        {
            for (var directory = start; directory is not null; directory = Path.GetDirectoryName(directory))
            {
                if (File.Exists(Path.Combine(directory, "Savepoint.slnx")))
                {
                    return directory;
                }
            }
        }

        throw new InvalidOperationException("These tests read the source tree, and no Savepoint.slnx lies above them.");
    }
}
