using System.Text;
using CsCheck;
using Savepoint.Diffs;
using Savepoint.Model;
using Xunit;

namespace Savepoint.Tests.Diffs;

public sealed class LineOriginsTests
{
    [Fact]
    public void Each_line_is_of_the_version_that_wrote_it() =>
        Gen.Int.Sample(seed =>
        {
            var (versions, written) = History(new Random(seed));
            var origins = new LineOrigins(written.Count);
            for (var version = versions.Count - 1; version > 0; version--)
            {
                origins.GoBack(versions[version - 1], versions[version], new SnapshotNumber(version));
            }

            origins.SettleAll(new SnapshotNumber(1_000));

            Assert.Equal(0, origins.LeftCount);
            Assert.Equal(written.Select(version => new SnapshotNumber(version == 0 ? 1_000 : version)), origins.Origins.Select(origin => origin!.Value));
        }, iter: 2_000);

    [Fact]
    public void A_line_that_nothing_recorded_wrote_has_no_origin()
    {
        var origins = new LineOrigins(3);

        origins.GoBack("a\nc\n"u8, "a\nb\nc\n"u8, origin: null);
        origins.SettleAll(new SnapshotNumber(1));

        Assert.Equal([new SnapshotNumber(1), null, new SnapshotNumber(1)], origins.Origins);
    }

    [Fact]
    public void A_line_that_lost_its_final_newline_is_new()
    {
        var origins = new LineOrigins(2);

        origins.GoBack("a\nb\n"u8, "a\nb"u8, new SnapshotNumber(2));
        origins.SettleAll(new SnapshotNumber(1));

        Assert.Equal([new SnapshotNumber(1), new SnapshotNumber(2)], origins.Origins);
    }

    /// <summary>Versions of a file no two lines of which were ever equal, and for each line of the last the version that wrote it.</summary>
    private static (List<byte[]> Versions, List<int> Written) History(Random random)
    {
        var (lines, versions, next) = (new List<(int Id, int Version)>(), new List<byte[]>(), 0);
        for (var version = 0; version < 8; version++)
        {
            for (var edit = 0; edit < 3; edit++)
            {
                var at = random.Next(lines.Count + 1);
                lines.RemoveRange(at, random.Next(Math.Min(4, lines.Count - at + 1)));
                lines.InsertRange(at, Enumerable.Range(0, random.Next(5)).Select(_ => (next++, version)));
            }

            versions.Add(Encoding.ASCII.GetBytes(string.Concat(lines.Select(line => $"line {line.Id}\n"))));
        }

        return (versions, [.. lines.Select(line => line.Version)]);
    }
}
