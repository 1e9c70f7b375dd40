namespace Savepoint.Checking.Running;

/// <summary>A program to start, and what it is given. The command has this file, too.</summary>
/// <param name="Arguments">The program, searched on the PATH if it has no slash, and its arguments, as bytes.</param>
internal sealed record ChildStart(IReadOnlyList<byte[]> Arguments)
{
    /// <summary>The descriptor of ours that is its standard output; null: our own standard output.</summary>
    public int? Output { get; init; }

    /// <summary>The descriptor of ours that is its standard error; null: our own standard error.</summary>
    public int? Error { get; init; }

    /// <summary>Whether it finds nothing on its standard input, instead of ours.</summary>
    public bool HasNoInput { get; init; }

    /// <summary>Where it works; null: where we do.</summary>
    public byte[]? Directory { get; init; }

    /// <summary>Its environment, <c>NAME=value</c> each; null: ours.</summary>
    public IReadOnlyList<byte[]>? Environment { get; init; }

    /// <summary>Whether it leads a session and process group of its own, away from our terminal and its keys.</summary>
    public bool BeginsSession { get; init; }
}
