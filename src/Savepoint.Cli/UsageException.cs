namespace Savepoint.Cli;

/// <summary>The command line cannot be read: exit code 2.</summary>
/// <param name="message">What is wrong with it.</param>
/// <param name="hint">What would be right; null to point to the help.</param>
internal sealed class UsageException(string message, string? hint = null) : Exception(message)
{
    public string? Hint { get; } = hint;
}
