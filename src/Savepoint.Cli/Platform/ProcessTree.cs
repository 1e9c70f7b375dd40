using System.Globalization;
using System.Text;

namespace Savepoint.Cli.Platform;

/// <summary>A process and all that it started and they in turn, as <c>/proc</c> shows them. Elsewhere than on Linux, the process alone.</summary>
internal static class ProcessTree
{
    public static List<Entry> Of(int root)
    {
        if (!OperatingSystem.IsLinux())
        {
            return [new Entry(root, 0)];
        }

        var children = Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
            .Select(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Read(number) : null)
            .OfType<Line>().ToLookup(line => line.Parent, line => line.Entry);
        var tree = new List<Entry>();
        if (Read(root) is { } own)
        {
            tree.Add(own.Entry);
        }

        for (var i = 0; i < tree.Count; i++)
        {
            tree.AddRange(children[tree[i].Number]);
        }

        return tree;
    }

    // proc(5): behind the name, which may hold anything and ends at the last ')', come the state, the parent and, as field 22, the start.
    private static Line? Read(int number)
    {
        try
        {
            var stat = File.ReadAllBytes($"/proc/{number}/stat");
            var fields = Encoding.ASCII.GetString(stat.AsSpan(stat.AsSpan().LastIndexOf((byte)')') + 2)).Split(' ');
            return fields[0] is "Z" or "X" ? null : new Line(int.Parse(fields[1], CultureInfo.InvariantCulture), new Entry(number, long.Parse(fields[19], CultureInfo.InvariantCulture)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // it has ended
        }
    }

    /// <summary>One process: its number, and when it started, for numbers are used again.</summary>
    internal readonly record struct Entry(int Number, long StartedAt)
    {
        public bool IsThere => !OperatingSystem.IsLinux() || Read(Number)?.Entry == this;
    }

    private sealed record Line(int Parent, Entry Entry);
}
