using System.Text.Json;

namespace Savepoint.Cli.Mcp;

/// <summary>What a tool answers: once as text and once as an object, each enough by itself, since a client shows the model only one of them.</summary>
/// <param name="Text">For the model: short, and with a snapshot number to go on with.</param>
/// <param name="Write">Writes the members of the object; <c>head</c> is added to them.</param>
internal sealed record ToolAnswer(string Text, Action<Utf8JsonWriter> Write)
{
    /// <summary>Whether the tool did not do what it was asked for.</summary>
    public bool IsError { get; init; }
}
