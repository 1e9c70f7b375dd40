using System.Buffers.Binary;
using System.Globalization;

namespace Savepoint.Model;

/// <summary>
/// The identity of one file version's bytes: their SHA-256. Equal ids mean equal bytes; a symbolic link's target is
/// content too. Immutable.
/// </summary>
public readonly record struct ContentId : IComparable<ContentId>
{
    /// <summary>The length of an id, in bytes.</summary>
    public const int LengthBytes = 32;

    private readonly ulong _a, _b, _c, _d;

    /// <summary>Takes the 32 bytes of a SHA-256.</summary>
    /// <exception cref="ArgumentException">There are not exactly 32 bytes.</exception>
    public ContentId(ReadOnlySpan<byte> sha256)
    {
        if (sha256.Length != LengthBytes)
        {
            throw new ArgumentException($"A content id has {LengthBytes} bytes, not {sha256.Length}.", nameof(sha256));
        }

        _a = BinaryPrimitives.ReadUInt64BigEndian(sha256);
        _b = BinaryPrimitives.ReadUInt64BigEndian(sha256[8..]);
        _c = BinaryPrimitives.ReadUInt64BigEndian(sha256[16..]);
        _d = BinaryPrimitives.ReadUInt64BigEndian(sha256[24..]);
    }

    /// <summary>The id of these bytes.</summary>
    public static ContentId Of(ReadOnlySpan<byte> content) => ContentHash.Of(content);

    /// <summary>Reads 64 hexadecimal digits.</summary>
    /// <exception cref="FormatException">The text is anything else.</exception>
    public static ContentId Parse(string hex) => new(Convert.FromHexString(hex));

    /// <summary>Writes the 32 bytes to <paramref name="destination"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The destination is shorter.</exception>
    public void WriteTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _a);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _b);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], _c);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], _d);
    }

    /// <summary>The 32 bytes.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[LengthBytes];
        WriteTo(bytes);
        return bytes;
    }

    /// <summary>64 hexadecimal digits, lower case.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_a:x16}{_b:x16}{_c:x16}{_d:x16}");

    /// <inheritdoc/>
    public override int GetHashCode() => _a.GetHashCode(); // a SHA-256 is already evenly spread

    /// <summary>Orders by bytes.</summary>
    public int CompareTo(ContentId other) =>
        _a != other._a ? _a.CompareTo(other._a)
        : _b != other._b ? _b.CompareTo(other._b)
        : _c != other._c ? _c.CompareTo(other._c)
        : _d.CompareTo(other._d);

    /// <summary>Whether <paramref name="left"/> sorts before <paramref name="right"/>.</summary>
    public static bool operator <(ContentId left, ContentId right) => left.CompareTo(right) < 0;

    /// <summary>Whether <paramref name="left"/> sorts after <paramref name="right"/>.</summary>
    public static bool operator >(ContentId left, ContentId right) => left.CompareTo(right) > 0;

    /// <summary>Whether <paramref name="left"/> does not sort after <paramref name="right"/>.</summary>
    public static bool operator <=(ContentId left, ContentId right) => left.CompareTo(right) <= 0;

    /// <summary>Whether <paramref name="left"/> does not sort before <paramref name="right"/>.</summary>
    public static bool operator >=(ContentId left, ContentId right) => left.CompareTo(right) >= 0;
}
