using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Savepoint.Storage;

/// <summary>
/// The rows of <c>policies</c>: what decisions were made by, each text once, since one decision after another repeats it. In a decision's
/// signals as they are stored, the policy's number stands in place of its text. Inside a read or write of the database.
/// </summary>
internal sealed class PolicyTable(StoreDatabase database)
{
    /// <summary>What was read: a row never changes, and a hundred decisions in a row ask for the same.</summary>
    private readonly Dictionary<long, string> _texts = [];

    /// <summary>Signals with the number of their policy, which is added if it is new; as they are if they name none. Inside a write.</summary>
    public string Fold(string signals)
    {
        var bytes = Encoding.UTF8.GetBytes(signals);
        return Policy(bytes) is (JsonTokenType.StartObject, var place)
            ? Splice(bytes, place, Number(Encoding.UTF8.GetString(bytes[place])).ToString(CultureInfo.InvariantCulture))
            : signals;
    }

    /// <summary>Signals with their policy's text in place of its number; as they are if they have it, or if nobody has: their hash does not fit then.</summary>
    public string Unfold(string stored)
    {
        var bytes = Encoding.UTF8.GetBytes(stored);
        return Policy(bytes) is (JsonTokenType.Number, var place) && long.TryParse(bytes.AsSpan(place), CultureInfo.InvariantCulture, out var number) && Text(number) is { } policy
            ? Splice(bytes, place, policy)
            : stored;
    }

    private long Number(string policy)
    {
        if (database.Prepare("SELECT id FROM policies WHERE policy = $1").Scalar(policy) is { } known)
        {
            return known;
        }

        database.Prepare("INSERT INTO policies (policy) VALUES ($1)").Execute(policy);
        return database.LastInsertedRow();
    }

    private string? Text(long number)
    {
        if (_texts.TryGetValue(number, out var known))
        {
            return known;
        }

        using var row = database.Prepare("SELECT policy FROM policies WHERE id = $1").Query(number);
        return row.Read() ? _texts[number] = row.GetString(0) : null;
    }

    /// <summary>What the member <c>policy</c> is of, and where it stands; null if there is none, or the text is no JSON object.</summary>
    private static (JsonTokenType Type, Range Place)? Policy(byte[] signals)
    {
        var json = new Utf8JsonReader(signals);
        try
        {
            while (json.Read())
            {
                var isPolicy = json is { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 } && json.ValueTextEquals("policy"u8);
                if (isPolicy && json.Read())
                {
                    var (type, start) = (json.TokenType, (int)json.TokenStartIndex);
                    json.Skip();
                    return (type, start..(int)json.BytesConsumed);
                }
            }
        }
        catch (JsonException)
        {
            // Nothing (a forgotten decision's), or damaged.
        }

        return null;
    }

    private static string Splice(byte[] text, Range place, string part) => string.Concat(Encoding.UTF8.GetString(text[..place.Start]), part, Encoding.UTF8.GetString(text[place.End..]));
}
