using System.Security.Cryptography;
using Savepoint.Model;

namespace Savepoint.Cli.Clients;

/// <summary>Another program's file: read whole, and replaced as a whole, through links, with the mode that it has.</summary>
internal static class ConfigFile
{
    /// <summary>More is no settings file, and is not read into memory. Claude Code's state file grows to a few megabytes.</summary>
    private const long MaxLengthBytes = 64 << 20;

    /// <summary>The file's bytes; null if it is not there.</summary>
    /// <exception cref="SavepointException">It cannot be read.</exception>
    public static byte[]? Read(string file)
    {
        try
        {
            return !File.Exists(file)
                ? Directory.Exists(file) ? throw Refused(file, "it is a directory") : null
                : new FileInfo(Target(file)).Length <= MaxLengthBytes ? File.ReadAllBytes(file) : throw Refused(file, $"it is larger than {MaxLengthBytes} bytes");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Refused(file, $"it cannot be read ({e.Message})", e);
        }
    }

    /// <summary>Writes what is to stand there now, if there still stands what is expected.</summary>
    /// <param name="file">The file, or a link to it.</param>
    /// <param name="expected">What stands there; null for a file that is not there.</param>
    /// <param name="bytes">What is to stand there; null to delete it.</param>
    /// <exception cref="SavepointException">It cannot be written, or somebody else wrote it meanwhile.</exception>
    public static void Replace(string file, byte[]? expected, byte[]? bytes)
    {
        try
        {
            var target = Target(file);
            if (bytes is null)
            {
                CheckUnchanged(file, expected);
                File.Delete(target);
                return;
            }

            // No scan records a file of this name, should we die before it is renamed.
            var aside = Path.Combine(Path.GetDirectoryName(target)!, $".~sp-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}");
            try
            {
                WriteAside(aside, target, bytes);
                CheckUnchanged(file, expected);
                File.Move(aside, target, overwrite: true);
            }
            catch
            {
                File.Delete(aside);
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SavepointException(ErrorCode.PermissionDenied, $"{file} cannot be written: {e.Message}", "Correct its permissions, or those of its directory; nothing was changed.", e);
        }
    }

    /// <summary>Makes a directory and those above it; which were not there, the outermost first.</summary>
    public static List<string> MakeFolders(string directory)
    {
        var missing = new List<string>();
        for (var at = directory; at is not null && !Directory.Exists(at); at = Path.GetDirectoryName(at))
        {
            missing.Insert(0, at);
        }

        try
        {
            Directory.CreateDirectory(directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SavepointException(ErrorCode.PermissionDenied, $"The directory {directory} cannot be made: {e.Message}", "Correct the permissions of the directory above it; nothing was changed.", e);
        }

        return missing;
    }

    /// <summary>Removes those of these directories that are empty, the innermost first.</summary>
    public static void RemoveEmpty(IEnumerable<string> folders)
    {
        foreach (var folder in folders.OrderByDescending(folder => folder.Length))
        {
            if (Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any())
            {
                Directory.Delete(folder);
            }
        }
    }

    public static SavepointException Refused(string file, string why, Exception? inner = null) =>
        new(ErrorCode.InvalidSettings, $"{file} is left as it is: {why}.", "Correct the file, then repeat this; nothing was changed.", inner);

    /// <summary>The file itself, where a link leads to it: people keep their settings elsewhere and link to them.</summary>
    private static string Target(string file) =>
        new FileInfo(file).LinkTarget is null ? file : File.ResolveLinkTarget(file, returnFinalTarget: true)!.FullName;

    private static void WriteAside(string aside, string target, byte[] bytes)
    {
        using (var stream = new FileStream(aside, FileMode.CreateNew, FileAccess.Write))
        {
            if (File.Exists(target) && !OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(aside, File.GetUnixFileMode(target));
            }

            stream.Write(bytes);
            stream.Flush(flushToDisk: true);
        }
    }

    private static void CheckUnchanged(string file, byte[]? expected)
    {
        var there = Read(file);
        if ((there is null) != (expected is null) || (there is not null && !there.AsSpan().SequenceEqual(expected)))
        {
            throw new SavepointException(ErrorCode.Busy, $"{file} was changed by another program meanwhile.", "Repeat this; nothing was changed.");
        }
    }
}
