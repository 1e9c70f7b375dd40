using System.CommandLine;

namespace Savepoint.Cli.Verbs;

/// <summary>The options that every verb takes, before or after the verb.</summary>
internal sealed class GlobalOptions
{
    public Option<string?> Workspace { get; } = new("--workspace", "-C") { HelpName = "DIR", Description = "The workspace; without it, the nearest tracked directory at or above the current one." };

    public Option<bool> Json { get; } = new("--json") { Description = "Answer with JSON on standard output." };

    public Option<bool> Quiet { get; } = new("--quiet", "-q") { Description = "Say nothing but results and errors." };

    public Option<bool> Verbose { get; } = new("--verbose", "-v") { Description = "Say all that is known of an error." };

    public Option<bool> NoColor { get; } = new("--no-color") { Description = "No colour, as with NO_COLOR set." };

    public Option<bool> Help { get; } = new("--help", "-h") { Description = "Show this." };

    public Option<bool> Version { get; } = new("--version") { Description = "Show the version." };

    public IReadOnlyList<Option> All => [Workspace, Json, Quiet, Verbose, NoColor, Help, Version];
}
