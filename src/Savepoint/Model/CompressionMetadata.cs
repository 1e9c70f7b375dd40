namespace Savepoint.Model;

/// <summary>How a content is stored (docs/file-format.md, Contents).</summary>
public enum CompressionMethod
{
    /// <summary>As it is.</summary>
    None,

    /// <summary>By itself.</summary>
    Alone,

    /// <summary>Against another version, its base.</summary>
    AgainstBase,

    /// <summary>In chunks, each by itself.</summary>
    Chunks,

    /// <summary>In a pack with others.</summary>
    Pack,

    /// <summary>Several contents, in different ways.</summary>
    Mixed,
}

/// <summary>How one content is stored.</summary>
/// <param name="Content">Which.</param>
/// <param name="Method">How.</param>
/// <param name="Base">The content it is stored against; null if it is not.</param>
/// <param name="SizeBytes">Its length.</param>
/// <param name="StoredBytes">What it takes; of a pack, its share by length.</param>
public sealed record ContentCompression(ContentId Content, CompressionMethod Method, ContentId? Base, long SizeBytes, long StoredBytes);

/// <summary>How the contents that a snapshot brought are stored.</summary>
/// <param name="Contents">Each, once.</param>
public sealed record CompressionMetadata(IReadOnlyList<ContentCompression> Contents)
{
    /// <summary>How they are stored; null if it brought none.</summary>
    public CompressionMethod? Method => Contents.Select(content => content.Method).Distinct().ToList() switch
    {
        [] => null,
        [var method] => method,
        _ => CompressionMethod.Mixed,
    };

    /// <summary>What its only content is stored against; null if there are more, or it is stored by itself.</summary>
    public ContentId? Base => Contents is [var only] ? only.Base : null;

    /// <summary>Their length.</summary>
    public long SizeBytes => Contents.Sum(content => content.SizeBytes);

    /// <summary>What they take.</summary>
    public long StoredBytes => Contents.Sum(content => content.StoredBytes);

    /// <summary>How much smaller they are stored than they are: 0.7 for 70 % less, 0 for nothing. Negative if they take more.</summary>
    public double Ratio => SizeBytes == 0 ? 0 : 1 - ((double)StoredBytes / SizeBytes);
}
