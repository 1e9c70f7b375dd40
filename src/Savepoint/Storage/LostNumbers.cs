using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>
/// The table <c>lost</c>: numbers whose snapshots a power loss or damage took with all that the database knew of them. What stands
/// beside it knew more, once; here it is kept, so that no number is given twice and nobody is left without a word.
/// </summary>
internal sealed class LostNumbers(StoreDatabase database)
{
    /// <summary>The greatest number that was ever given, as far as the database knows; 0 for none.</summary>
    public static long Newest(StoreDatabase database) =>
        Math.Max(database.Prepare("SELECT max(number) FROM snapshots").Scalar() ?? 0, database.Prepare("SELECT max(last) FROM lost").Scalar() ?? 0);

    /// <summary>Notes that a number was given, and with it all before it, if the database does not know that.</summary>
    /// <param name="known">The greatest number that something beside the database knows of.</param>
    /// <param name="now">For the record.</param>
    /// <returns>What is lost, if this is news.</returns>
    public LostRange? Note(long known, DateTimeOffset now) => database.Write(() => NoteInside(known, now));

    /// <summary>As <see cref="Note"/>, inside a write.</summary>
    public LostRange? NoteInside(long known, DateTimeOffset now)
    {
        var newest = Newest(database);
        if (known <= newest)
        {
            return null;
        }

        var time = SnapshotTime.ToMicroseconds(now);
        database.Prepare("INSERT INTO lost (last, first, time, listed) VALUES ($1, $2, $3, 0)").Execute(known, newest + 1, time);
        return new LostRange(new SnapshotNumber(newest + 1), new SnapshotNumber(known), SnapshotTime.FromMicroseconds(time));
    }

    /// <summary>Which loss a number belongs to; null if it was not lost.</summary>
    public LostRange? Find(SnapshotNumber number) => Ranges($"{number} BETWEEN first AND last").FirstOrDefault();

    /// <summary>What no repair has listed yet, the oldest first.</summary>
    public IReadOnlyList<LostRange> Unlisted() => Ranges("listed = 0");

    /// <summary>A repair has listed them.</summary>
    public void SetListed() => database.Write(() => database.Prepare("UPDATE lost SET listed = 1 WHERE listed = 0").Execute());

    private List<LostRange> Ranges(string where) => database.Read(() =>
    {
        var ranges = new List<LostRange>();
        using var row = database.Prepare($"SELECT first, last, time FROM lost WHERE {where} ORDER BY last").Query();
        while (row.Read())
        {
            ranges.Add(new LostRange(new SnapshotNumber(row.GetInt64(0)), new SnapshotNumber(row.GetInt64(1)), SnapshotTime.FromMicroseconds(row.GetInt64(2))));
        }

        return ranges;
    });
}
