namespace Savepoint.Model;

/// <summary>The commands that check a state, each a line for <c>/bin/sh</c>; null where there is nothing to run.</summary>
/// <param name="Build">Builds it.</param>
/// <param name="Test">Runs its tests.</param>
/// <param name="Bench">Measures it.</param>
public sealed record CheckCommands(string? Build, string? Test, string? Bench)
{
    /// <summary>No command at all.</summary>
    public static CheckCommands None { get; } = new(null, null, null);

    /// <summary>Whether there is nothing to run.</summary>
    public bool IsEmpty => Build is null && Test is null && Bench is null;

    /// <summary>The command of a kind; null if there is none.</summary>
    /// <param name="kind">The kind.</param>
    public string? Of(CheckKind kind) => kind switch
    {
        CheckKind.Build => Build,
        CheckKind.Test => Test,
        _ => Bench,
    };
}
