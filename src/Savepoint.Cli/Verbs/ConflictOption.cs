using System.CommandLine;

namespace Savepoint.Cli.Verbs;

/// <summary><c>--conflict=markers</c>, alike for every verb that merges.</summary>
internal sealed class ConflictOption
{
    private readonly Option<string?> _option = new("--conflict") { HelpName = "markers", Description = "Where lines conflict, write both versions between markers; else keep what is here." };

    public void Declare(Command command) => command.Add(_option);

    /// <summary>Whether markers are asked for.</summary>
    /// <exception cref="UsageException">Something else is.</exception>
    public bool WritesMarkers(Invocation invocation) => invocation.Get(_option) switch
    {
        null => false,
        "markers" => true,
        var form => throw new UsageException($"'{form}' is no form for conflicts.", "--conflict=markers is the only one."),
    };
}
