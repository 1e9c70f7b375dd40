using Savepoint.Model;

namespace Savepoint.Cli.Output;

/// <summary>The layers in a line.</summary>
internal static class LayerText
{
    /// <summary>What each holds.</summary>
    public static string Of(IReadOnlyList<LayerUse> layers) => string.Join("; ", layers.Select(Of));

    /// <summary>Where a snapshot is, and how what it brought is stored.</summary>
    public static string Of(SnapshotMetadata metadata)
    {
        var compression = metadata.Compression;
        var how = compression.Method switch
        {
            null => "no content",
            CompressionMethod.None => "as it is",
            CompressionMethod.Alone => "compressed",
            CompressionMethod.AgainstBase => "against another version",
            CompressionMethod.Chunks => "in chunks",
            CompressionMethod.Pack => "in a pack",
            _ => "in several ways",
        };
        var size = compression.Method is null ? "" : $"{Quantity.Bytes(compression.StoredBytes)} for {Quantity.Bytes(compression.SizeBytes)}, ";
        return $"{size}{how}; found in {(metadata.Layer == SnapshotLayer.Disk ? "the store" : JsonNames.Of(metadata.Layer))}";
    }

    /// <summary>The share of the operations asked for that L1 or L2 had.</summary>
    public static double HitRate(LayerLookups lookups) => (double)(lookups.L1 + lookups.L2) / Math.Max(1, lookups.L1 + lookups.L2 + lookups.Below);

    private static string Of(LayerUse layer)
    {
        var noun = layer.Layer == SnapshotLayer.L3 ? "milestone" : "operation";
        return layer.Count == 0 ? $"{JsonNames.Of(layer.Layer)} empty" : $"{JsonNames.Of(layer.Layer)} {Quantity.Of(layer.Count, noun)}, {Quantity.Bytes(layer.SizeBytes)}";
    }
}
