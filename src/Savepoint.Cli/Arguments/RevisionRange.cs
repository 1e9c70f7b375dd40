using Savepoint.Model;

namespace Savepoint.Cli.Arguments;

/// <summary>Two revisions, <c>FROM..TO</c>.</summary>
/// <param name="From">Where it starts; the head if nothing stands before the dots.</param>
/// <param name="To">Where it leads; the head if nothing stands behind them.</param>
internal sealed record RevisionRange(Revision From, Revision To)
{
    /// <exception cref="UsageException">The text is no range.</exception>
    public static RevisionRange Parse(string text) => text.IndexOf("..", StringComparison.Ordinal) is >= 0 and var at
        ? new RevisionRange(Side(text[..at]), Side(text[(at + 2)..]))
        : throw new UsageException($"'{text}' is no range: two revisions with '..' between them are expected, like 3..@.");

    private static Revision Side(string text) => RevisionArgument.Parse(text.Length == 0 ? "@" : text);
}
