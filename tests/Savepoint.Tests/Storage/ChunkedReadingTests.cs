using Savepoint.Model;
using Savepoint.Storage;
using Xunit;

namespace Savepoint.Tests.Storage;

public sealed class ChunkedReadingTests
{
    private const int AtOnce = 4;
    private const int Rounds = 50; // takes longer than the failure takes to come up

    [Fact]
    public void Nobody_reads_the_buffer_any_more_once_storing_a_chunk_has_failed()
    {
        var content = new byte[8 * ContentStore.MaxWholeBytes];
        new Random(1).NextBytes(content);
        using var failed = new ManualResetEventSlim();
        var (begun, ended) = (0, 0);
        using var stream = new MemoryStream(content);

        Assert.Throws<SavepointException>(() => new ChunkedReading(Store, AtOnce).Run(stream));

        Assert.Equal(AtOnce - 1, ended);

        ContentId Store(ReadOnlyMemory<byte> chunk)
        {
            if (Interlocked.Increment(ref begun) == 1)
            {
                failed.Set();
                throw new SavepointException(ErrorCode.DiskFull, "The disk is full.", "Free some room.");
            }

            failed.Wait(TestContext.Current.CancellationToken);
            ContentId id = default;
            for (var i = 0; i < Rounds; i++)
            {
                id = ContentId.Of(chunk.Span);
            }

            Interlocked.Increment(ref ended);
            return id;
        }
    }
}
