using Savepoint.Model;

namespace Savepoint.Cli.Output;

/// <summary>A verification in a line.</summary>
internal static class VerificationText
{
    public static string Of(Verification? verification, Paint paint)
    {
        if (verification is null)
        {
            return "no state yet";
        }

        var tests = verification.Tests is { } counts ? $", {Quantity.Of(counts.Passed, "test")} passed{(counts.Skipped > 0 ? $", {counts.Skipped} skipped" : "")}" : "";
        var build = verification.Build == BuildResult.Passed ? "it builds" : "not built";
        return $"snapshot {paint.Number(verification.Snapshot.ToString())}: {build}{tests}  {paint.Dim(SnapshotText.Time(verification.Time))}";
    }
}
