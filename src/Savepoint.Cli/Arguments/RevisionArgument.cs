using Savepoint.Model;

namespace Savepoint.Cli.Arguments;

/// <summary>A revision as somebody wrote it.</summary>
internal static class RevisionArgument
{
    /// <exception cref="UsageException">The text is no revision.</exception>
    public static Revision Parse(string text)
    {
        try
        {
            return Revision.Parse(text);
        }
        catch (FormatException e)
        {
            throw new UsageException(e.Message);
        }
    }
}
