using System.Globalization;

namespace Savepoint.Bench.Spec;

/// <summary>What a process holds in memory that is its own: not the files it has mapped, which the system may take back.</summary>
internal static class AnonymousMemory
{
    /// <summary>In megabytes, as the kernel counts it; null if the process has ended.</summary>
    public static double? OfMegabytes(int process)
    {
        const string Field = "RssAnon:";
        try
        {
            var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal));
            return line is null ? null : 1024 * double.Parse(line[Field.Length..^"kB".Length], CultureInfo.InvariantCulture) / 1e6;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
