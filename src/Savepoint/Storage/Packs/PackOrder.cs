namespace Savepoint.Storage.Packs;

/// <summary>
/// The order in which many contents are best read: those that begin in the same pack one after the other, from its front to its back. In any
/// other each may cost decoding a pack, also one that is in none but is stored against one that is. Inside a read of the database.
/// </summary>
internal sealed class PackOrder(StoreDatabase database)
{
    private readonly Dictionary<long, PackPlace> _places = [];

    /// <summary>Puts them in order.</summary>
    /// <param name="contents">Contents.</param>
    /// <param name="rowOf">The <c>contents.id</c> of one.</param>
    public List<T> Sort<T>(IEnumerable<T> contents, Func<T, long> rowOf) =>
        [.. contents.Select(content => (Content: content, Place: PlaceOf(rowOf(content)))).OrderBy(content => content.Place.Pack).ThenBy(content => content.Place.OffsetBytes).Select(content => content.Content)];

    /// <summary>Where the first of its bases is; pack 0 if that is in none.</summary>
    private PackPlace PlaceOf(long row)
    {
        var line = new List<long>();
        var place = default(PackPlace);
        for (long? next = row; next is { } at && !_places.TryGetValue(at, out place);)
        {
            line.Add(at);
            _places[at] = default; // a damaged line may lead back to itself
            (next, place) = Step(at);
        }

        line.ForEach(at => _places[at] = place);
        return place;
    }

    private (long? Base, PackPlace Place) Step(long row)
    {
        using var stored = database.Prepare("SELECT base, CASE method WHEN 4 THEN data END FROM contents WHERE id = $1").Query(row);
        return !stored.Read() ? default : (stored.Int64OrNull(0), stored.BytesOrNull(1) is { } place ? PackPlace.Parse(place) : default);
    }
}
