using System.IO.Enumeration;
using System.Text;

namespace Savepoint.Checking;

/// <summary>
/// Files with results that a command wrote: those below a directory that are younger than its start. What is older was
/// written by another run and says nothing of this one.
/// </summary>
internal static class ReportFiles
{
    private const int MaxEntries = 300_000;
    private const int MaxFiles = 4_000;
    private const int MaxDepth = 16;

    /// <summary>The time by the clock that stamps files, which is behind the processor's: of a file that is written now.</summary>
    public static DateTime Now()
    {
        var marker = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(marker, [0]);
            return File.GetLastWriteTimeUtc(marker);
        }
        finally
        {
            File.Delete(marker);
        }
    }

    /// <summary>The files that may be reports, in the order of their names. Links are not followed; git's files and packages of node are passed over.</summary>
    public static IReadOnlyList<string> Since(string root, DateTime started)
    {
        var count = 0;
        var files = new FileSystemEnumerable<string>(root, (ref FileSystemEntry entry) => entry.ToFullPath(), new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = MaxDepth, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true })
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => ++count < MaxEntries && !entry.IsDirectory && MayBeReport(entry.FileName) && entry.LastWriteTimeUtc.UtcDateTime >= started,
            ShouldRecursePredicate = (ref FileSystemEntry entry) => count < MaxEntries && entry.FileName is not (".git" or "node_modules" or ".venv"),
        };
        return [.. files.Take(MaxFiles).Order(StringComparer.Ordinal)];
    }

    private static bool MayBeReport(ReadOnlySpan<char> name) =>
        name.EndsWith(".xml", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".trx", StringComparison.OrdinalIgnoreCase)
        || name.EndsWith(".json", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".sarif", StringComparison.OrdinalIgnoreCase);

    /// <summary>The first characters of a file, by which its form is told.</summary>
    public static string Head(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[2048];
        return Encoding.UTF8.GetString(bytes, 0, stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
    }
}
