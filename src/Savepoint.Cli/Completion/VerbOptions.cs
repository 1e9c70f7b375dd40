using Savepoint.Cli.Verbs;

namespace Savepoint.Cli.Completion;

/// <summary>What a completion script has to know of a verb.</summary>
/// <param name="Name">The verb.</param>
/// <param name="Summary">What it does.</param>
/// <param name="Options">All its options, the global ones among them.</param>
internal sealed record VerbOptions(string Name, string Summary, IReadOnlyList<string> Options)
{
    /// <summary>All verbs, read off the very declarations that the parser uses.</summary>
    public static List<VerbOptions> All() =>
        [.. VerbTable.Groups.SelectMany(group => group.Names).Select(VerbTable.Find).OfType<Verb>().Select(Of)];

    private static VerbOptions Of(Verb verb) =>
        new(verb.Name, verb.Summary, [.. CommandLine.CommandOf(verb, new GlobalOptions()).Options.Where(option => !option.Hidden).SelectMany(option => option.Aliases.Append(option.Name))]);
}
