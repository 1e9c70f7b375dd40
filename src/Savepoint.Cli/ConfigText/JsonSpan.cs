using System.Text.Json;

namespace Savepoint.Cli.ConfigText;

/// <summary>Where a value stands in a JSON text: a member with its name, an element, or the root.</summary>
/// <param name="kind">What it is.</param>
/// <param name="parent">The object or array that holds it; null for the root.</param>
/// <param name="name">A member's name; null for elements and the root.</param>
/// <param name="start">The offset of its first byte: of the name, for a member.</param>
/// <param name="valueStart">The offset of the value's first byte.</param>
internal sealed class JsonSpan(JsonValueKind kind, JsonSpan? parent, string? name, int start, int valueStart)
{
    public JsonValueKind Kind { get; } = kind;

    public JsonSpan? Parent { get; } = parent;

    public string? Name { get; } = name;

    public int Start { get; } = start;

    public int ValueStart { get; } = valueStart;

    /// <summary>The offset behind its last byte.</summary>
    public int End { get; set; }

    /// <summary>The members of an object, the elements of an array.</summary>
    public List<JsonSpan> Children { get; } = [];

    /// <summary>The member of this name; of several the last, which is the one that readers take. Null if there is none.</summary>
    public JsonSpan? Member(string named) => Children.FindLast(child => child.Name == named);
}
