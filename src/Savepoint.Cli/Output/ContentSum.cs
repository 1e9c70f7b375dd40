using Savepoint.Model;

namespace Savepoint.Cli.Output;

/// <summary>All contents of a store together.</summary>
/// <param name="Count">How many versions of files, equal ones once; large ones not, but their pieces.</param>
/// <param name="RawBytes">Their decoded bytes.</param>
/// <param name="StoredBytes">What they take.</param>
internal sealed record ContentSum(long Count, long RawBytes, long StoredBytes)
{
    /// <summary>What they take for each decoded byte; null if there is none.</summary>
    public double? Ratio => RawBytes == 0 ? null : (double)StoredBytes / RawBytes;

    public static ContentSum Of(StoreStatistics statistics)
    {
        // A content in chunks is a list; its bytes are those of its chunks, which are contents themselves.
        var whole = statistics.Contents.Where(method => method.Method != "chunks").ToList();
        return new ContentSum(whole.Sum(method => method.Count), whole.Sum(method => method.RawBytes), statistics.Contents.Sum(method => method.StoredBytes));
    }
}
