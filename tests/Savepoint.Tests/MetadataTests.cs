using Savepoint.Model;
using Xunit;

namespace Savepoint.Tests;

/// <summary>What is known of a snapshot besides what it did.</summary>
public sealed class MetadataTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task A_snapshot_says_how_what_it_brought_is_stored()
    {
        _workspace.Write("a.txt", Text(0));
        await using var manager = await _workspace.InitAsync();
        _workspace.Write("a.txt", Text(1));
        var edit = (await manager.CaptureAsync()).Snapshot!;

        var metadata = manager.Describe(edit);

        Assert.Equal(CompressionMethod.AgainstBase, metadata.Compression.Method);
        Assert.Equal(ContentId.Of(System.Text.Encoding.UTF8.GetBytes(Text(0))), metadata.Compression.Base);
        Assert.Equal(Text(1).Length, metadata.Metrics.SizeBytes);
        Assert.InRange(metadata.Metrics.StoredBytes, 1, 100);
        Assert.InRange(metadata.Compression.Ratio, 0.95, 1);
        Assert.Equal(CompressionMethod.Alone, manager.Describe(manager.GetSnapshot(new SnapshotNumber(1))).Compression.Method);
    }

    [Fact]
    public async Task What_is_packed_later_is_said_to_be_in_a_pack()
    {
        await using var manager = await _workspace.InitAsync();
        for (var i = 0; i < 120; i++)
        {
            _workspace.Write("a.txt", Text(i));
            await manager.CaptureAsync();
        }

        await manager.CleanUpAsync();

        var cold = manager.Describe(manager.GetSnapshot(new SnapshotNumber(40)));
        Assert.Equal(CompressionMethod.Pack, cold.Compression.Method);
        Assert.InRange(cold.Metrics.StoredBytes, 1, Text(40).Length);
    }

    [Fact]
    public async Task A_name_makes_a_checkpoint_of_an_operation()
    {
        _workspace.Write("a.txt", Text(0));
        await using var manager = await _workspace.InitAsync();
        var baseline = manager.GetSnapshot(new SnapshotNumber(1));
        Assert.Equal(SnapshotType.Operation, manager.Describe(baseline).Type);

        manager.AddLabel("start", baseline.Number);

        Assert.Equal(SnapshotType.Checkpoint, manager.Describe(baseline).Type);
    }

    [Fact]
    public async Task The_last_fifty_are_L1_the_session_before_them_L2_and_the_rest_is_on_disk()
    {
        await using var manager = await _workspace.InitAsync();
        for (var i = 2; i <= 62; i++)
        {
            _workspace.Write("a.txt", Text(i));
            await manager.CaptureAsync(context: new CaptureContext { Actor = new Actor("agent", i < 7 ? "old" : "current") });
        }

        Assert.Equal(SnapshotLayer.L1, LayerOf(62));
        Assert.Equal(SnapshotLayer.L1, LayerOf(13));
        Assert.Equal(SnapshotLayer.L2, LayerOf(12));
        Assert.Equal(SnapshotLayer.L2, LayerOf(7));
        Assert.Equal(SnapshotLayer.Disk, LayerOf(6));
        Assert.Equal(SnapshotLayer.Disk, LayerOf(1));
        var layers = manager.Layers();
        Assert.Equal([(SnapshotLayer.L1, 50L), (SnapshotLayer.L2, 6L), (SnapshotLayer.L3, 0L)], layers.Select(layer => (layer.Layer, layer.Count)));
        Assert.Equal(51 * Text(13).Length, layers[0].SizeBytes); // each of 50 after, and the one before the first
        Assert.Equal(7 * Text(13).Length, layers[1].SizeBytes);

        SnapshotLayer LayerOf(long number) => manager.Describe(manager.GetSnapshot(new SnapshotNumber(number))).Layer;
    }

    [Fact]
    public async Task Operations_without_a_session_are_a_session_of_their_own()
    {
        await using var manager = await _workspace.InitAsync();
        for (var i = 2; i <= 62; i++)
        {
            _workspace.Write("a.txt", Text(i));
            await manager.CaptureAsync(context: i is 5 or 6 ? new CaptureContext { Actor = new Actor("agent", "named") } : CaptureContext.None);
        }

        Assert.Equal(9, manager.Layers()[1].Count); // 2 to 12, without the two of the named session
        Assert.Equal(SnapshotLayer.L2, manager.Describe(manager.GetSnapshot(new SnapshotNumber(12))).Layer);
        Assert.Equal(SnapshotLayer.Disk, manager.Describe(manager.GetSnapshot(new SnapshotNumber(5))).Layer);
    }

    [Fact]
    public async Task What_compaction_merged_counts_as_one_operation_of_its_session()
    {
        await using var manager = await _workspace.InitAsync();
        for (var i = 2; i <= 62; i++)
        {
            _workspace.Write("a.txt", Text(i));
            await manager.CaptureAsync(context: new CaptureContext { Actor = new Actor("agent", "session") });
        }

        Assert.Equal(11, manager.Layers()[1].Count);
        await manager.CompactAsync();

        var shown = 0;
        await foreach (var snapshot in manager.HistoryAsync())
        {
            shown += snapshot.Parent is not null && snapshot.Number.Value <= 12 ? 1 : 0;
        }

        Assert.InRange(shown, 1, 10);
        Assert.Equal(shown, manager.Layers()[1].Count);
    }

    [Fact]
    public async Task A_process_that_filled_its_layers_says_what_they_really_hold()
    {
        _workspace.Write("a.txt", Text(0));
        await using var manager = await _workspace.InitAsync();
        _workspace.Write("a.txt", Text(1));
        await manager.CaptureAsync();
        var expected = manager.Layers()[0];

        manager.FillLayers();

        Assert.Equal(expected.Count, manager.Layers()[0].Count);
        Assert.InRange(manager.Layers()[0].SizeBytes, expected.SizeBytes, expected.SizeBytes + 10_000);
    }

    /// <summary>A thousand random lines, of which one is the version's; all versions are of one length.</summary>
    private static string Text(int version)
    {
        var random = new Random(1);
        return string.Concat(Enumerable.Range(0, 1_000).Select(line => line == version ? $"version {version:000000}\n" : $"{random.Next(100_000_000, 999_999_999)} word\n"));
    }
}
