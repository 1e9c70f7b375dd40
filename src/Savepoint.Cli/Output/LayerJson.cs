using System.Text.Json;
using Savepoint.Model;

namespace Savepoint.Cli.Output;

/// <summary>The layers: what each holds, and of one snapshot where it is and how it is stored.</summary>
internal static class LayerJson
{
    /// <summary>The <c>layers</c> of a workspace, by name.</summary>
    public static void WriteAll(Utf8JsonWriter json, IReadOnlyList<LayerUse> layers)
    {
        json.WriteStartObject("layers");
        WriteUses(json, layers);
        json.WriteEndObject();
    }

    /// <summary>As above, with where operations were found that were asked for.</summary>
    public static void WriteAll(Utf8JsonWriter json, IReadOnlyList<LayerUse> layers, LayerLookups? lookups)
    {
        json.WriteStartObject("layers");
        WriteUses(json, layers);
        if (lookups is null)
        {
            json.WriteNull("lookups");
        }
        else
        {
            json.WriteStartObject("lookups");
            json.WriteNumber("L1", lookups.L1);
            json.WriteNumber("L2", lookups.L2);
            json.WriteNumber("below", lookups.Below);
            json.WriteNumber("hitRate", Math.Round(LayerText.HitRate(lookups), 6));
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteUses(Utf8JsonWriter json, IReadOnlyList<LayerUse> layers)
    {
        foreach (var layer in layers)
        {
            json.WriteStartObject(JsonNames.Of(layer.Layer));
            json.WriteNumber("count", layer.Count);
            json.WriteNumber("bytes", layer.SizeBytes);
            json.WriteEndObject();
        }
    }

    /// <summary>Writes members of an object, which the caller opens and closes.</summary>
    public static void WriteMembers(Utf8JsonWriter json, SnapshotMetadata metadata)
    {
        json.WriteString("layer", JsonNames.Of(metadata.Layer));
        json.WriteString("type", JsonNames.Of(metadata.Type));
        json.WriteStartObject("compression");
        json.WriteString("method", metadata.Compression.Method is { } method ? JsonNames.Of(method) : null);
        json.WriteString("base", metadata.Compression.Base?.ToString());
        json.WriteNumber("ratio", Math.Round(metadata.Compression.Ratio, 4));
        json.WriteEndObject();
        json.WriteStartObject("metrics");
        json.WritePropertyName("captureMs");
        if (metadata.Metrics.CaptureTime is { } time)
        {
            json.WriteNumberValue(Math.Round(time.TotalMilliseconds, 3));
        }
        else
        {
            json.WriteNullValue();
        }

        json.WriteNumber("bytes", metadata.Metrics.SizeBytes);
        json.WriteNumber("storedBytes", metadata.Metrics.StoredBytes);
        json.WriteEndObject();
    }
}
