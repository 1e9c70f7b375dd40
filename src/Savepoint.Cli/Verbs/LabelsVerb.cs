using Savepoint.Cli.Output;

namespace Savepoint.Cli.Verbs;

/// <summary><c>labels</c>: all names.</summary>
internal sealed class LabelsVerb() : Verb("labels", "List the checkpoints and milestones.")
{
    public override IReadOnlyList<string> Examples => ["savepoint labels"];

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        await using var workspace = await invocation.OpenAsync(cancellationToken).ConfigureAwait(false);
        var labels = workspace.Labels();
        if (invocation.Terminal.IsJson)
        {
            invocation.Terminal.Json(json =>
            {
                json.WriteStartObject();
                LabelJson.WriteAll(json, labels);
                json.WriteEndObject();
            });
            return ExitCode.Done;
        }

        var paint = invocation.Paint;
        var width = labels.Count == 0 ? 0 : labels.Max(label => label.Name.Length);
        foreach (var label in labels)
        {
            var name = SafeText.Of(label.Name).PadRight(width);
            invocation.Terminal.Line($"{paint.Number(label.Snapshot.ToString().PadLeft(4))}  {paint.Label(name)}  {paint.Dim(SnapshotText.Time(label.Time))}  {JsonNames.Of(label.Kind)}, {JsonNames.Of(label.Retention)}");
        }

        if (labels.Count == 0)
        {
            invocation.Terminal.Say("There are no labels. 'savepoint checkpoint NAME' makes one.");
        }

        return ExitCode.Done;
    }
}
