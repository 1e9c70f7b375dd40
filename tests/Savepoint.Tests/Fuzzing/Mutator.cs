namespace Savepoint.Tests.Fuzzing;

/// <summary>
/// Makes inputs that are nearly right: takes one of a corpus and does a few small things to it, among them what parsers stumble
/// over: lengths at their limits, pieces of another input, repetition, nesting, an end in the middle.
/// </summary>
internal sealed class Mutator(IReadOnlyList<byte[]> corpus, IReadOnlyList<string> words)
{
    private const int MaxLength = 64 * 1024;

    private static readonly byte[][] Numbers =
    [
        [0], [0x7f], [0x80], [0xff], [0xff, 0xff, 0xff, 0xff], [0x7f, 0xff, 0xff, 0xff], [0xff, 0xff, 0xff, 0x7f], [0x80, 0, 0, 0],
        [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80],
        "9223372036854775807"u8.ToArray(), "-1"u8.ToArray(), "99999999999999999999"u8.ToArray(), "1e999"u8.ToArray(),
    ];

    public byte[] Next(Random random)
    {
        var bytes = corpus[random.Next(corpus.Count)].ToList();
        for (var count = random.Next(1, 8); count > 0; count--)
        {
            Mutate(bytes, random);
        }

        return bytes.Count > MaxLength ? [.. bytes.Take(MaxLength)] : [.. bytes];
    }

    private void Mutate(List<byte> bytes, Random random)
    {
        var at = random.Next(bytes.Count + 1);
        var rest = bytes.Count - at;
        switch (random.Next(9))
        {
            case 0 when rest > 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when rest > 0:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                bytes.RemoveRange(at, random.Next(Math.Min(rest, 64) + 1));
                break;
            case 3:
                bytes.InsertRange(at, bytes.GetRange(at, random.Next(Math.Min(rest, 200) + 1)));
                break;
            case 4:
                Overwrite(bytes, at, Numbers[random.Next(Numbers.Length)]);
                break;
            case 5 when words.Count > 0:
                bytes.InsertRange(at, System.Text.Encoding.UTF8.GetBytes(words[random.Next(words.Count)]));
                break;
            case 6:
                var other = corpus[random.Next(corpus.Count)];
                var from = random.Next(other.Length + 1);
                bytes.InsertRange(at, other[from..Math.Min(other.Length, from + random.Next(300))]);
                break;
            case 7 when words.Count > 0:
                var word = System.Text.Encoding.UTF8.GetBytes(words[random.Next(words.Count)]);
                bytes.InsertRange(at, Enumerable.Repeat(word, random.Next(1, 2_000)).SelectMany(one => one).Take(20_000));
                break;
            default:
                bytes.RemoveRange(at, rest); // an end in the middle
                break;
        }
    }

    private static void Overwrite(List<byte> bytes, int at, byte[] with)
    {
        bytes.RemoveRange(at, Math.Min(with.Length, bytes.Count - at));
        bytes.InsertRange(at, with);
    }
}
