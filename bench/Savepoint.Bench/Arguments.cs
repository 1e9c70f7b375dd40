namespace Savepoint.Bench;

/// <summary>What a benchmark is told to do. A slip of the pen must not start an hour of something else.</summary>
internal static class Arguments
{
    /// <summary>Says so if one of them means nothing.</summary>
    /// <returns>Whether all are known.</returns>
    public static bool AreKnown(IEnumerable<string> arguments, IEnumerable<string> known)
    {
        var all = known.ToHashSet(StringComparer.Ordinal);
        if (arguments.FirstOrDefault(argument => !all.Contains(argument)) is not { } unknown)
        {
            return true;
        }

        Console.Error.WriteLine($"bench: '{unknown}' means nothing here. What does: {string.Join(' ', all.Order(StringComparer.Ordinal))}");
        return false;
    }
}
