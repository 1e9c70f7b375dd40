namespace Savepoint.Extensions.AI;

/// <summary>One parameter of a tool, as its schema has it.</summary>
/// <param name="Name">Its name, camelCase as the seed has it.</param>
/// <param name="Type">A type of JSON schema: <c>string</c>, <c>integer</c>, <c>boolean</c>, or <c>array</c> for one of strings.</param>
/// <param name="Description">What it means, for a model.</param>
/// <param name="IsOptional">Whether it may be null or left out.</param>
internal sealed record ToolParameter(string Name, string Type, string Description, bool IsOptional = false)
{
    /// <summary>The only texts that are taken; null for any.</summary>
    public IReadOnlyList<string>? Choices { get; init; }
}
