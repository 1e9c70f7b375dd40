using System.CommandLine;
using Savepoint.Cli.Output;
using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary><c>unlabel</c>: takes a name off; its snapshot stays.</summary>
internal sealed class UnlabelVerb() : Verb("unlabel", "Take a name off its snapshot, which stays.")
{
    private readonly Argument<string> _name = new("NAME") { Description = "The label." };

    public override IReadOnlyList<string> Examples => ["savepoint unlabel before-refactoring"];

    public override void Declare(Command command) => command.Add(_name);

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var name = invocation.Get(_name)!;
        await using var workspace = await invocation.OpenAsync(cancellationToken).ConfigureAwait(false);
        var label = workspace.Labels().FirstOrDefault(label => label.Name == name);
        if (label is null || !workspace.RemoveLabel(name))
        {
            throw new SavepointException(ErrorCode.UnknownRevision, $"There is no label '{name}'.", "'savepoint labels' lists them.");
        }

        if (invocation.Terminal.IsJson)
        {
            invocation.Terminal.Json(json =>
            {
                json.WriteStartObject();
                json.WritePosition(workspace, null);
                json.WriteStartObject("removed");
                LabelJson.WriteMembers(json, label);
                json.WriteEndObject();
                json.WriteEndObject();
            });
        }
        else
        {
            invocation.Terminal.Say($"'{SafeText.Of(name)}' no longer names snapshot {label.Snapshot}.");
        }

        return ExitCode.Done;
    }
}
