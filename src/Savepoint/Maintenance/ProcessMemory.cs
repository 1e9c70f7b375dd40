using System.Globalization;

namespace Savepoint.Maintenance;

/// <summary>What this process holds in memory that is its own: not the files it has mapped, which the system may take back.</summary>
internal static class ProcessMemory
{
    /// <summary>Anonymous resident memory in bytes; null where the system does not say (elsewhere than on Linux).</summary>
    public static long? AnonymousBytes()
    {
        const string Field = "RssAnon:";
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        var line = File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal));
        return line is not null && long.TryParse(line[Field.Length..].Replace("kB", "", StringComparison.Ordinal), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var kibibytes)
            ? kibibytes * 1024
            : null;
    }
}
