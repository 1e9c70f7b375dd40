using System.Runtime.CompilerServices;

namespace Savepoint.Tests.Diffs;

/// <summary>Real text: this repository's own tests of diffs.</summary>
internal static class SourceTexts
{
    public static IReadOnlyList<byte[]> All { get; } = Read();

    private static List<byte[]> Read([CallerFilePath] string thisFile = "") =>
        [.. Directory.EnumerateFiles(Path.GetDirectoryName(thisFile)!, "*.cs").Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
}
