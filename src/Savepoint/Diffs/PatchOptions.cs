namespace Savepoint.Diffs;

/// <summary>How patches are made.</summary>
public sealed record PatchOptions
{
    /// <summary>
    /// Contents larger than this are not compared by lines but given whole, as binary: 8 MiB, some 200,000 lines of source.
    /// Comparing two of them takes about ten times as much memory.
    /// </summary>
    public const int MaxTextBytes = 8 << 20;

    /// <summary>The largest file that applying a patch may give: 1 GiB, the most that git's own apply reads.</summary>
    public const int MaxFileBytes = 1 << 30;

    /// <summary>The default of <see cref="MaxExactBytes"/>: two such contents in base 85 are 650 MiB, and git's apply reads patches below 1 GiB.</summary>
    public const int DefaultMaxExactBytes = 256 << 20;

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
    /// Contents larger than this, and than <see cref="MaxTextBytes"/>, are not given: the patch says that they differ, as git
    /// says it of binary files, and cannot be applied. 0 or more; default: <see cref="DefaultMaxExactBytes"/>.
    /// </summary>
    public long MaxExactBytes { get; init; } = DefaultMaxExactBytes;

    /// <summary>
    /// Whether text patches name git's blob ids too (<c>index</c> lines, which <c>git apply --3way</c> uses); true by
    /// default. Each costs a SHA-1 of the whole file. Binary patches always have them: git insists.
    /// </summary>
    public bool HasBlobIds { get; init; } = true;
}
