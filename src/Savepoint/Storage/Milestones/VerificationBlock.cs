using Savepoint.Model;

namespace Savepoint.Storage.Milestones;

/// <summary>A verifications block: what was found out about the archive's snapshots by the time it was written.</summary>
internal static class VerificationBlock
{
    public static byte[] Write(IReadOnlyList<Verification> verifications)
    {
        var record = new RecordWriter();
        record.Write(verifications.Count);
        foreach (var verification in verifications)
        {
            record.Write(verification.Id);
            record.Write(verification.Snapshot.Value);
            record.WriteSigned(SnapshotTime.ToMicroseconds(verification.Time));
            record.Write((long)verification.Build);
            record.Write(verification.Tests is null ? 0 : 1);
            if (verification.Tests is { } tests)
            {
                record.Write(tests.Passed);
                record.Write(tests.Failed);
                record.Write(tests.Skipped);
            }

            record.WriteText(FigureLines.Write(verification.Figures) ?? "");
        }

        return record.ToArray();
    }

    public static List<Verification> Read(byte[] bytes)
    {
        var record = new RecordReader(bytes);
        var verifications = new List<Verification>();
        for (var count = record.ReadCount(); count > 0; count--)
        {
            verifications.Add(new Verification(
                record.Read(),
                new SnapshotNumber(record.Read()),
                SnapshotTime.FromMicroseconds(record.ReadSigned()),
                (BuildResult)record.Read(),
                record.Read() == 0 ? null : new TestCounts(record.Read(), record.Read(), record.Read()),
                FigureLines.Read(record.ReadText())));
        }

        return verifications;
    }
}
