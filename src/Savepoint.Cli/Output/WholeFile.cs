using Savepoint.Model;

namespace Savepoint.Cli.Output;

/// <summary>A file that somebody named for an answer: it appears whole, or what was there stays. A device or a pipe is written to, not replaced.</summary>
internal static class WholeFile
{
    /// <exception cref="SavepointException">It cannot be written.</exception>
    public static T Write<T>(string path, Func<Stream, T> write)
    {
        var aside = $"{path}.{Environment.ProcessId}.part";
        try
        {
            if (TryOpenStream(path) is { } stream)
            {
                using (stream)
                {
                    return write(stream);
                }
            }

            T result;
            using (var file = new FileStream(aside, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 64 * 1024))
            {
                result = write(file);
            }

            File.Move(aside, path, overwrite: true);
            return result;
        }
        catch (Exception e)
        {
            Delete(aside);
            if (e is DirectoryNotFoundException)
            {
                throw new SavepointException(ErrorCode.Environment, $"There is no folder {Path.GetDirectoryName(path)}.", "Make it first, or name a file in another one.", e);
            }

            if (e is IOException or UnauthorizedAccessException)
            {
                throw new SavepointException(ErrorCode.Environment, $"{path} cannot be written: {e.Message}", "Name another file; a file that was there has not changed.", e);
            }

            throw;
        }
    }

    /// <summary>What was begun goes, if it can: the failure before matters more.</summary>
    private static void Delete(string aside)
    {
        try
        {
            File.Delete(aside);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not even its folder is there, or nothing can be written to it.
        }
    }

    /// <summary>What stands there, if it is no file that could be replaced as a whole; null else.</summary>
    private static FileStream? TryOpenStream(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 64 * 1024);
        var place = Path.GetFullPath(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path);
        if (!stream.CanSeek || place.StartsWith("/proc/", StringComparison.Ordinal) || (place.StartsWith("/dev/", StringComparison.Ordinal) && !place.StartsWith("/dev/shm/", StringComparison.Ordinal)))
        {
            return stream;
        }

        stream.Dispose();
        return null;
    }
}
