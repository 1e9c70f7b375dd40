using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using Savepoint.Model;

namespace Savepoint.Cli.Output;

/// <summary>Values that many documents have: numbers that may be missing, times, paths, bytes that may not be text.</summary>
internal static class JsonValues
{
    public static void WriteSnapshot(this Utf8JsonWriter json, string name, SnapshotNumber? number)
    {
        if (number is { } known)
        {
            json.WriteNumber(name, known.Value);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    /// <summary><c>snapshot</c>, what this verb recorded, <c>head</c> and <c>branch</c>: how every verb that moves the history begins.</summary>
    public static void WritePosition(this Utf8JsonWriter json, SnapshotManager workspace, SnapshotNumber? recorded)
    {
        json.WriteSnapshot("snapshot", recorded);
        json.WriteSnapshot("head", workspace.Head);
        json.WriteString("branch", workspace.Branch);
    }

    /// <summary>A time in UTC, to the microsecond, which is what the store keeps.</summary>
    public static void WriteTime(this Utf8JsonWriter json, string name, DateTimeOffset time) =>
        json.WriteString(name, time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));

    public static void WriteElapsed(this Utf8JsonWriter json, TimeSpan elapsed) =>
        json.WriteNumber("elapsedMs", Math.Round(elapsed.TotalMilliseconds, 3));

    /// <summary>As <see cref="WriteElapsed"/>; null where nobody measured it.</summary>
    public static void WriteElapsedOrNull(this Utf8JsonWriter json, TimeSpan? elapsed)
    {
        if (elapsed is { } known)
        {
            json.WriteElapsed(known);
        }
        else
        {
            json.WriteNull("elapsedMs");
        }
    }

    public static void WriteNumberOrNull(this Utf8JsonWriter json, string name, long? number)
    {
        if (number is { } known)
        {
            json.WriteNumber(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    public static void WritePath(this Utf8JsonWriter json, string name, WorkspacePath path) => json.WriteText(name, path.Bytes);

    /// <summary>Bytes as text; if they are not UTF-8, the exact ones stand beside it in base 64.</summary>
    public static void WriteText(this Utf8JsonWriter json, string name, ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes))
        {
            json.WriteString(name, bytes);
            return;
        }

        json.WriteString(name, System.Text.Encoding.UTF8.GetString(bytes));
        json.WriteBase64String($"{name}Base64", bytes);
    }
}
