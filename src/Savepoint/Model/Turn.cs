namespace Savepoint.Model;

/// <summary>One prompt to an agent, and by its name all that it led to.</summary>
/// <param name="Agent">The program; null where unknown.</param>
/// <param name="Session">The conversation.</param>
/// <param name="Id">The turn, as its client names it.</param>
/// <param name="Time">When the prompt was given.</param>
/// <param name="Prompt">The prompt's beginning; null where unknown.</param>
public sealed record Turn(string? Agent, string Session, string Id, DateTimeOffset Time, string? Prompt);
