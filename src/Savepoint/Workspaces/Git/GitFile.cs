namespace Savepoint.Workspaces.Git;

/// <summary>Reads git's own files: small, replaced by rename, absent at any moment.</summary>
internal static class GitFile
{
    /// <summary>The whole file, or null if there is none.</summary>
    /// <exception cref="IOException">It cannot be read, or is longer than <paramref name="maxLengthBytes"/>.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read, or is a directory.</exception>
    public static byte[]? ReadIfPresent(string path, int maxLengthBytes)
    {
        if (!Path.Exists(path))
        {
            return null; // the usual case on the way up to a repository: an exception would cost twenty times as much
        }

        try
        {
            // Sharing deletion lets git replace the file meanwhile, which Windows would otherwise refuse it.
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            if (file.Length > maxLengthBytes)
            {
                throw new IOException($"'{path}' is longer than {maxLengthBytes} bytes.");
            }

            var content = new byte[file.Length];
            file.ReadExactly(content);
            return content;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
