using Savepoint.Model;

namespace Savepoint.Cli.Output;

/// <summary>A store's quota in lines, where there is anything to say of it.</summary>
internal static class BoundsText
{
    public static IEnumerable<string> Lines(StoreBounds bounds, Paint paint)
    {
        if (bounds.LastExpiry is { } time)
        {
            yield return $"{Quantity.Of(bounds.ExpiredCount, "old state")} expired for the quota, none above {bounds.ExpiredUpTo}, the last at {time.LocalDateTime:yyyy-MM-dd HH:mm}";
        }

        if (bounds.IsOver)
        {
            yield return paint.Changed($"over its quota of {Quantity.Bytes(bounds.MaxBytes!.Value)}: 'savepoint gc' frees what nothing holds, 'savepoint labels' shows what is held");
        }
    }

    /// <summary>What was done for the quota; nothing where nothing was.</summary>
    public static void Say(Terminal terminal, BoundsResult bounds)
    {
        if (bounds.MergedCount + bounds.ExpiredCount > 0)
        {
            terminal.Say($"For its quota of {Quantity.Bytes(bounds.MaxBytes!.Value)}: {Quantity.Of(bounds.MergedCount, "state")} between the ends of merges freed, {Quantity.Of(bounds.ExpiredCount, "old state")} expired; the store takes {Quantity.Bytes(bounds.BytesAfter)} now.");
        }
    }

    /// <summary>Says so where a store is over its quota all the same.</summary>
    public static void Warn(Terminal terminal, BoundsResult bounds)
    {
        if (bounds.IsOver)
        {
            terminal.Note($"The store takes {Quantity.Bytes(bounds.BytesAfter)}, more than its quota of {Quantity.Bytes(bounds.MaxBytes!.Value)}: labels and the last 50 operations hold what is left. Recording goes on. 'savepoint unlabel NAME' lets go of a state; the setting maxStoreBytes allows more.");
        }
    }
}
