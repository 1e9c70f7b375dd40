using Savepoint.Model;

namespace Savepoint.Storage.Milestones;

/// <summary>A verifications block: what was found out about the archive's snapshots by the time it was written.</summary>
internal static class VerificationBlock
{
    private const int HasCounts = 1;
    private const int HasDetails = 2;

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
            var details = VerificationDetails.Write(verification);
            record.Write((verification.Tests is null ? 0 : HasCounts) | (verification.TestOutcome == CheckOutcome.NotRun && details is null ? 0 : HasDetails));
            if (verification.Tests is { } tests)
            {
                record.Write(tests.Passed);
                record.Write(tests.Failed);
                record.Write(tests.Skipped);
            }

            record.WriteText(FigureLines.Write(verification.Figures) ?? "");
            if (verification.TestOutcome != CheckOutcome.NotRun || details is not null)
            {
                record.Write((long)verification.TestOutcome);
                record.WriteText(details ?? "");
            }
        }

        return record.ToArray();
    }

    public static List<Verification> Read(byte[] bytes)
    {
        var record = new RecordReader(bytes);
        var verifications = new List<Verification>();
        for (var count = record.ReadCount(); count > 0; count--)
        {
            verifications.Add(ReadOne(record));
        }

        return verifications;
    }

    private static Verification ReadOne(RecordReader record)
    {
        var (id, snapshot, time, build, flags) = (record.Read(), new SnapshotNumber(record.Read()), SnapshotTime.FromMicroseconds(record.ReadSigned()), (BuildResult)record.Read(), record.Read());
        var tests = (flags & HasCounts) == 0 ? null : new TestCounts(record.Read(), record.Read(), record.Read());
        var verification = new Verification(id, snapshot, time, build, tests, FigureLines.Read(record.ReadText()));
        if ((flags & HasDetails) == 0)
        {
            return verification;
        }

        verification = verification with { TestOutcome = (CheckOutcome)record.Read() };
        return record.ReadText() is { Length: > 0 } details ? VerificationDetails.Read(details, verification) : verification;
    }
}
