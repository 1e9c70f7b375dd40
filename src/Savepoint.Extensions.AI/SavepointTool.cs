using System.Text.Json;
using Microsoft.Extensions.AI;
using Savepoint.Model;

namespace Savepoint.Extensions.AI;

/// <summary>A tool that records what it does. Whatever goes wrong is an answer that the model can act on, but for cancellation.</summary>
internal sealed class SavepointTool(
    string name, string description, IReadOnlyList<ToolParameter> parameters, SavepointToolOptions options,
    Func<ToolArguments, CaptureContext, CancellationToken, Task<JsonElement>> run) : AIFunction
{
    // The clients of hosts that check a model's arguments against the schema look for one of these names.
    private static readonly Dictionary<string, object?> Strict = new() { ["strict"] = true, ["strictJsonSchema"] = true };

    public override string Name { get; } = name;

    public override string Description { get; } = description;

    public override JsonElement JsonSchema { get; } = ToolSchema.Of(parameters);

    public override IReadOnlyDictionary<string, object?> AdditionalProperties => Strict;

    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        var context = new CaptureContext { Actor = options.Actor?.Invoke(arguments) ?? Actor.Unknown, Tool = Name };
        try
        {
            return await run(new ToolArguments(arguments), context, cancellationToken).ConfigureAwait(false);
        }
        catch (ArgumentException e)
        {
            return ToolResult.Failed(e.Message);
        }
        catch (SavepointException e)
        {
            return ToolResult.Failed($"{e.Message} {e.Hint}");
        }
    }
}
