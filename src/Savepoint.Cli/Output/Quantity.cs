using System.Globalization;

namespace Savepoint.Cli.Output;

/// <summary>Numbers for people.</summary>
internal static class Quantity
{
    /// <summary>A number and its noun: <c>1 change</c>, <c>2 changes</c>.</summary>
    public static string Of(long count, string noun) =>
        count == 1 ? $"1 {noun}" : string.Create(CultureInfo.InvariantCulture, $"{count:N0} {Plural(noun)}");

    /// <summary>Bytes in the unit that leaves one to three digits before the point: <c>1.3 GB</c>, by thousands.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 1_000 => Of(bytes, "byte"),
        < 1_000_000 => Scaled(bytes / 1e3, "KB"),
        < 1_000_000_000 => Scaled(bytes / 1e6, "MB"),
        _ => Scaled(bytes / 1e9, "GB"),
    };

    /// <summary>A duration: <c>3 ms</c>, <c>1.2 s</c>, <c>2 min 5 s</c>.</summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalMilliseconds: < 10 } => Scaled(time.TotalMilliseconds, "ms"),
        { TotalSeconds: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0} ms"),
        { TotalMinutes: < 1 } => Scaled(time.TotalSeconds, "s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalMinutes} min {time.Seconds} s"),
    };

    private static string Scaled(double value, string unit) => string.Create(CultureInfo.InvariantCulture, $"{value:0.0} {unit}");

    private static string Plural(string noun) => noun.EndsWith('y') ? $"{noun[..^1]}ies" : $"{noun}s";
}
