namespace Savepoint.Storage.Milestones;

/// <summary>
/// Replaces an archive by a smaller one that says the same: every block compressed anew, as well as a clean-up has time for.
/// The folder's lock must be held.
/// </summary>
internal static class MilestoneRepacker
{
    private const int RepetitiveProbeLevel = 12;
    private const int ThoroughLevel = 17; // of text that does not repeat itself: within 4 % of the best, in two thirds of the time

    /// <summary>The level an archive has once nothing better is known.</summary>
    public const int BestLevel = 19;

    private const int RepetitiveShare = 10; // versions that shrink to a tenth together are quickly searched for more

    public static void Repack(MilestoneFile file, string folder, CancellationToken cancellationToken)
    {
        using var packed = new MilestoneFileWriter(folder);
        foreach (var block in file.Blocks.Where(block => block.Kind != BlockKind.Summary))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var plain = file.Read(block);
            var isRepetitive = block.Kind != BlockKind.Pack || ContentCodec.Compress(plain, default, RepetitiveProbeLevel).Length < plain.Length / RepetitiveShare;
            packed.Add(block.Kind, plain, isRepetitive ? BestLevel : ThoroughLevel);
        }

        packed.AddSummary(file.Summary with { PackLevel = BestLevel });
        packed.Finish(new Model.SnapshotNumber(file.Summary.Mark.Number));
    }
}
