namespace Savepoint.Workspaces.Ignore;

/// <summary>A set of byte values: what one position of a glob accepts.</summary>
internal readonly struct ByteSet(ulong first, ulong second, ulong third, ulong fourth)
{
    public static ByteSet None => default;

    public static ByteSet All => new(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, ulong.MaxValue);

    /// <summary>What <c>?</c> accepts in a path: each byte but the separator.</summary>
    public static ByteSet NotSlash => All.Without((byte)'/');

    public bool Contains(byte value) =>
        ((value < 128 ? (value < 64 ? first : second) : (value < 192 ? third : fourth)) >> (value & 63) & 1) != 0;

    public static ByteSet Of(byte value)
    {
        var bit = 1UL << (value & 63);
        return (value >> 6) switch
        {
            0 => new(bit, 0, 0, 0),
            1 => new(0, bit, 0, 0),
            2 => new(0, 0, bit, 0),
            _ => new(0, 0, 0, bit),
        };
    }

    public ByteSet With(byte value) => Union(Of(value));

    public ByteSet Without(byte value) => Of(value).Complement().Intersect(this);

    public ByteSet Union(ByteSet other)
    {
        var (a, b, c, d) = other.Words;
        return new(first | a, second | b, third | c, fourth | d);
    }

    public ByteSet Complement() => new(~first, ~second, ~third, ~fourth);

    private (ulong, ulong, ulong, ulong) Words => (first, second, third, fourth);

    private ByteSet Intersect(ByteSet other)
    {
        var (a, b, c, d) = other.Words;
        return new(first & a, second & b, third & c, fourth & d);
    }
}
