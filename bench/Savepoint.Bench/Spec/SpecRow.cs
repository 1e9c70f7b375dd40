namespace Savepoint.Bench.Spec;

/// <summary>One promise of the seed, our goal for it, and what was measured.</summary>
/// <param name="Name">Stays the same from version to version.</param>
/// <param name="SeedTarget">What the seed asks for, in its own words.</param>
/// <param name="Goal">What we ask for, in <paramref name="Unit"/>.</param>
/// <param name="IsFloor">Whether the goal is the least that counts; else it is the most.</param>
/// <param name="Unit">The unit of goal, measured, p50 and p99.</param>
/// <param name="Part">The part of the run that measures it: <c>bench/spec PART</c>.</param>
/// <param name="How">What is measured, in a few words.</param>
internal sealed record SpecRow(string Name, string SeedTarget, double Goal, bool IsFloor, string Unit, string Part, string How)
{
    /// <summary>The number that is compared with the goal; null if nothing was measured.</summary>
    public double? Measured { get; init; }

    /// <summary>How many samples it rests on.</summary>
    public int Count { get; init; }

    /// <summary>How many it must rest on to count as met: a hundred successes out of a hundred say little of one failure in a thousand.</summary>
    public int LeastCount { get; init; } = 1;

    /// <summary>Of the samples; null where there is but one.</summary>
    public double? P50 { get; init; }

    /// <inheritdoc cref="P50"/>
    public double? P99 { get; init; }

    /// <summary>Why it was not measured, what failed, or what the number rests on; null if there is nothing to say.</summary>
    public string? Why { get; init; }

    public bool IsMet => Count >= LeastCount && Measured is { } measured && (IsFloor ? measured >= Goal : measured <= Goal);

    /// <summary><see cref="Why"/>, and what is missing of <see cref="LeastCount"/>; null if there is nothing to say.</summary>
    public string? Remark => Measured is not null && Count < LeastCount
        ? string.Join("; ", new[] { FormattableString.Invariant($"n = {Count:N0}, and {LeastCount:N0} are asked for"), Why }.OfType<string>())
        : Why;

    public string Command => $"bench/spec {Part}";
}
