using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace Savepoint.Cli.Mcp;

/// <summary>What a call of a tool does to the workspace and its history.</summary>
internal enum ToolEffect
{
    /// <summary>Nothing.</summary>
    Reads,

    /// <summary>It adds to the history, and leaves the files alone.</summary>
    Records,

    /// <summary>It writes files: what was there is in the history.</summary>
    Writes,
}

/// <summary>One tool: a whole intention of an agent, as text for a model and as what is done.</summary>
/// <param name="name">Its name, without ours in it: clients put the server's name before it.</param>
/// <param name="title">Its name for people.</param>
/// <param name="effect">What it does to files and history.</param>
/// <param name="description">For a model. The first sentence says what it is for, in words that one would search for.</param>
/// <param name="runsCommands">Whether it runs commands, which may do anything anywhere.</param>
internal abstract class McpTool(string name, string title, ToolEffect effect, string description, bool runsCommands = false)
{
    public string Name { get; } = name;

    /// <summary>What it takes.</summary>
    public abstract IReadOnlyList<ToolParameter> Parameters { get; }

    /// <summary>Whether a call may take long, so that its progress is told.</summary>
    public virtual bool IsLong => false;

    /// <summary>Whether it runs commands, which may do anything anywhere.</summary>
    public bool RunsCommands => runsCommands;

    /// <summary>Whether it does something to files or history.</summary>
    public bool HasEffect => effect != ToolEffect.Reads;

    /// <summary>Does it. What goes wrong is an exception; a result that is none, an answer that says so.</summary>
    public abstract Task<ToolAnswer> RunAsync(ToolCall call, CancellationToken cancellationToken);

    /// <summary>The tool as <c>tools/list</c> has it. Every hint is set: what is left out counts as the worst.</summary>
    public Tool Describe() => new()
    {
        Name = Name,
        Title = title,
        Description = description,
        InputSchema = JsonMembers.Element(WriteSchema),
        Annotations = new ToolAnnotations
        {
            ReadOnlyHint = effect == ToolEffect.Reads,
            DestructiveHint = effect == ToolEffect.Writes,
            IdempotentHint = effect == ToolEffect.Reads,
            OpenWorldHint = runsCommands,
        },
    };

    private void WriteSchema(Utf8JsonWriter json)
    {
        json.WriteString("type", "object");
        json.WriteStartObject("properties");
        foreach (var parameter in Parameters)
        {
            parameter.Write(json);
        }

        json.WriteEndObject();
        if (Parameters.Any(parameter => parameter.IsRequired))
        {
            json.WriteStartArray("required");
            foreach (var parameter in Parameters.Where(parameter => parameter.IsRequired))
            {
                json.WriteStringValue(parameter.Name);
            }

            json.WriteEndArray();
        }

        json.WriteBoolean("additionalProperties", false);
    }
}
