using Savepoint.Checking.Running;

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

        var children = ProcessTable.All().ToLookup(entry => entry.Parent, entry => new Entry(entry.Number, entry.StartedAt));
        var tree = new List<Entry>();
        if (ProcessTable.Read(root) is { } own)
        {
            tree.Add(new Entry(own.Number, own.StartedAt));
        }

        for (var i = 0; i < tree.Count; i++)
        {
            tree.AddRange(children[tree[i].Number]);
        }

        return tree;
    }

    /// <summary>One process: its number, and when it started, for numbers are used again.</summary>
    internal readonly record struct Entry(int Number, long StartedAt)
    {
        public bool IsThere => !OperatingSystem.IsLinux() || (ProcessTable.Read(Number) is { } now && now.StartedAt == StartedAt);
    }
}
