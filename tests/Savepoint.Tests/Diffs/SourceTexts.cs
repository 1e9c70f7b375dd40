using Xunit;

namespace Savepoint.Tests.Diffs;

/// <summary>Real text to edit: this repository's own source of paths, states and diffs.</summary>
internal static class SourceTexts
{
    public static IReadOnlyList<byte[]> All { get; } = Read();

    private static List<byte[]> Read()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Savepoint.slnx")))
        {
            folder = folder.Parent;
        }

        Assert.NotNull(folder);
        string[] sources = ["src/Savepoint/Model", "src/Savepoint/Diffs"];
        return
        [
            .. sources.SelectMany(source => Directory.EnumerateFiles(Path.Combine(folder.FullName, source), "*.cs"))
                .Order(StringComparer.Ordinal).Select(File.ReadAllBytes),
        ];
    }
}
