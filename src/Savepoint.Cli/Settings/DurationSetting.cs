using System.Globalization;

namespace Savepoint.Cli.Settings;

/// <summary>Durations as settings have them: <c>500ms</c>, <c>5s</c>, <c>2m</c>, <c>none</c>.</summary>
internal static class DurationSetting
{
    public const string None = "none";

    /// <summary>The duration, infinite for <c>none</c>; null if the text is none.</summary>
    public static TimeSpan? TryParse(string text)
    {
        if (text == None)
        {
            return Timeout.InfiniteTimeSpan;
        }

        var digits = text.TakeWhile(char.IsAsciiDigit).Count();
        if (!int.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count == 0)
        {
            return null;
        }

        return text[digits..] switch
        {
            "ms" => TimeSpan.FromMilliseconds(count),
            "s" => TimeSpan.FromSeconds(count),
            "m" => TimeSpan.FromMinutes(count),
            _ => null,
        };
    }

    public static string Format(TimeSpan time) => time switch
    {
        _ when time == Timeout.InfiniteTimeSpan => None,
        _ when time.Ticks % TimeSpan.TicksPerSecond == 0 => string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalSeconds}s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalMilliseconds}ms"),
    };
}
