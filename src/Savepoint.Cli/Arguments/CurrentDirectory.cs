using Savepoint.Model;

namespace Savepoint.Cli.Arguments;

/// <summary>The current directory, which another process may have deleted.</summary>
internal static class CurrentDirectory
{
    /// <exception cref="SavepointException">It is gone.</exception>
    public static string Path
    {
        get
        {
            try
            {
                return Environment.CurrentDirectory;
            }
            catch (IOException e)
            {
                throw new SavepointException(ErrorCode.Environment, "The current directory does not exist any more.", "Change to one that does, or name the workspace with -C DIR.", e);
            }
        }
    }
}
