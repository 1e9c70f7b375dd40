namespace Savepoint.Diffs;

/// <summary>How patches are made.</summary>
public sealed record PatchOptions
{
    /// <summary>
    /// Contents larger than this are not compared by lines but given whole, as binary: 64 MiB, some 1.5 million lines of
    /// source, whose comparison takes about as much memory again.
    /// </summary>
    public const int MaxTextBytes = 64 << 20;

    /// <summary>Contents larger than this are left to <see cref="Patch.Unexpressed"/>: 1 GiB, the most that git's own apply reads.</summary>
    public const int MaxFileBytes = 1 << 30;

    private readonly int _contextLineCount = 3;

    /// <summary>The defaults: three lines of context, blob ids.</summary>
    public static PatchOptions Default { get; } = new();

    /// <summary>How many unchanged lines stand around an edit. 0 or more; 3 by default, as in git. With 0, <c>git apply</c> needs <c>--unidiff-zero</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public int ContextLineCount
    {
        get => _contextLineCount;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _contextLineCount = value;
        }
    }

    /// <summary>
    /// Whether text patches name git's blob ids too (<c>index</c> lines, which <c>git apply --3way</c> uses); true by
    /// default. Each costs a SHA-1 of the whole file. Binary patches always have them: git insists.
    /// </summary>
    public bool HasBlobIds { get; init; } = true;
}
