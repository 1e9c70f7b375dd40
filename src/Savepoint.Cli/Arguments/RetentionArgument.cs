using Savepoint.Cli.Output;
using Savepoint.Model;

namespace Savepoint.Cli.Arguments;

/// <summary>How long a label holds its state, as somebody wrote it.</summary>
internal static class RetentionArgument
{
    public static string Choices { get; } = string.Join(", ", Enum.GetValues<Retention>().Select(JsonNames.Of));

    /// <exception cref="UsageException">The word is none of the choices.</exception>
    public static Retention Parse(string word)
    {
        foreach (var retention in Enum.GetValues<Retention>())
        {
            if (JsonNames.Of(retention) == word)
            {
                return retention;
            }
        }

        throw new UsageException($"'{word}' is no retention.", $"The choices are {Choices}.");
    }
}
