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
            if (JsonNames.Of(retention) == word || SeedName(retention) == word)
            {
                return retention;
            }
        }

        throw new UsageException($"'{word}' is no retention.", $"The choices are {Choices}.");
    }

    /// <summary>The seed's longer name, which is taken as well; null where it has no other.</summary>
    private static string? SeedName(Retention retention) => retention switch
    {
        Retention.Session => "session-duration",
        Retention.User => "user-decision",
        _ => null,
    };
}
