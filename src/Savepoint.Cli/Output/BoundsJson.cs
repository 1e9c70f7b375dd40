using System.Text.Json;
using Savepoint.Model;

namespace Savepoint.Cli.Output;

/// <summary>A store's quota, and what expired for it, as JSON.</summary>
internal static class BoundsJson
{
    public static void Write(Utf8JsonWriter json, StoreBounds bounds)
    {
        json.WriteStartObject("bounds");
        json.WriteNumberOrNull("maxStoreBytes", bounds.MaxBytes);
        json.WriteBoolean("overQuota", bounds.IsOver);
        json.WriteNumber("expiredSnapshots", bounds.ExpiredCount);
        json.WriteSnapshot("expiredUpTo", bounds.ExpiredUpTo);
        if (bounds.LastExpiry is { } time)
        {
            json.WriteTime("lastExpiry", time);
        }
        else
        {
            json.WriteNull("lastExpiry");
        }

        json.WriteEndObject();
    }
}
