using System.Security.Cryptography;
using CsCheck;
using Savepoint.Model;
using Xunit;

namespace Savepoint.Tests.Model;

public sealed class Sha256Tests
{
    [Fact]
    public void Any_bytes_appended_in_any_pieces_hash_as_the_system_hashes_them() =>
        Gen.Select(Gen.Byte.Array[0, 1000], Gen.Int[1, 200]).Sample((bytes, piece) =>
        {
            var hash = new Sha256();
            for (var i = 0; i < bytes.Length; i += piece)
            {
                hash.Append(bytes.AsSpan(i, Math.Min(piece, bytes.Length - i)));
            }

            Assert.Equal(SHA256.HashData(bytes), hash.Finish());
        });

    [Fact]
    public void Both_implementations_give_one_id()
    {
        var large = new byte[2_000_000];
        Random.Shared.NextBytes(large);
        using var whole = new ContentHash(large.Length);
        whole.Append(large);

        Assert.Equal(new ContentId(SHA256.HashData(large)), whole.Finish());
        Assert.Equal(new ContentId(SHA256.HashData(large)), ContentId.Of(large));
    }
}
