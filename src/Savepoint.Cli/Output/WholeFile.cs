using Savepoint.Model;

namespace Savepoint.Cli.Output;

/// <summary>A file that somebody named for an answer: it appears whole, or what was there stays.</summary>
internal static class WholeFile
{
    /// <exception cref="SavepointException">It cannot be written.</exception>
    public static T Write<T>(string path, Func<Stream, T> write)
    {
        var aside = $"{path}.{Environment.ProcessId}.part";
        try
        {
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
            File.Delete(aside);
            if (e is IOException or UnauthorizedAccessException)
            {
                throw new SavepointException(ErrorCode.Environment, $"{path} cannot be written: {e.Message}", "Name another file; what was there has not changed.", e);
            }

            throw;
        }
    }
}
