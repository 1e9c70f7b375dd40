namespace Savepoint.Crash;

/// <summary>The repository that the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    public static string At(string path) => Path.Combine(Root, path);

    private static string Find(string directory) =>
        File.Exists(Path.Combine(directory, "Savepoint.slnx")) ? directory : Find(Path.GetDirectoryName(directory)!);
}
