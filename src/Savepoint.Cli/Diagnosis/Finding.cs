namespace Savepoint.Cli.Diagnosis;

/// <summary>How a check ended.</summary>
internal enum FindingLevel
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>It works, and something could be better.</summary>
    Note,

    /// <summary>Something does not work.</summary>
    Problem,
}

/// <summary>What <c>doctor</c> found on one point.</summary>
/// <param name="Check">The point.</param>
/// <param name="Level">How it stands.</param>
/// <param name="Detail">What is the case.</param>
/// <param name="Remedy">What to do about it; null where there is nothing to do.</param>
internal sealed record Finding(string Check, FindingLevel Level, string Detail, string? Remedy = null);
