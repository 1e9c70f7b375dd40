using System.Text;
using Savepoint.Model;

namespace Savepoint.Cli.Output;

/// <summary>
/// The history as a drawing, a row a snapshot, newest first. The first column is the line of one branch; from each undo,
/// redo and rollback an edge runs beside it down to the snapshot whose state was brought back. Snapshots of other branches stand on
/// edges: from where they were merged, or from the branch's head, down to where the branch began.
/// </summary>
/// <param name="branch">The branch whose line is the first column, and those that it comes from.</param>
internal sealed class Graph(string branch)
{
    // The branches of the first column, each up to which of its snapshots.
    private readonly Dictionary<string, SnapshotNumber> _trunk = new() { [branch] = new SnapshotNumber(long.MaxValue) };
    private readonly List<SnapshotNumber?> _lanes = []; // what each lane's edge leads to; null where a lane is free

    /// <summary>The row of a snapshot, behind whose marker its edges begin and end.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="marker">Its marker.</param>
    /// <param name="parentBranch">The branch of the snapshot before it; null for the first.</param>
    public string Row(Snapshot snapshot, string marker, string? parentBranch)
    {
        if (!_trunk.TryGetValue(snapshot.Branch, out var upTo) || snapshot.Number > upTo)
        {
            return RowBeside(snapshot, marker);
        }

        if (parentBranch is not null)
        {
            _trunk.TryAdd(parentBranch, snapshot.Parent!.Value);
        }

        var ending = Enumerable.Range(0, _lanes.Count).Where(i => _lanes[i] == snapshot.Number).ToHashSet();
        foreach (var lane in ending)
        {
            _lanes[lane] = null;
        }

        var starting = snapshot.Target is { } target && target < snapshot.Number ? Open(target, ending) : -1;
        var row = Draw(marker, ending, starting);
        while (_lanes.Count > 0 && _lanes[^1] is null)
        {
            _lanes.RemoveAt(_lanes.Count - 1);
        }

        return row;
    }

    /// <summary>What goes before a further line of the same snapshot: the edges that run on.</summary>
    public string Continuation() => "│" + string.Concat(_lanes.Select(lane => lane is null ? "  " : " │"));

    private string RowBeside(Snapshot snapshot, string marker)
    {
        var ending = Enumerable.Range(0, _lanes.Count).Where(i => _lanes[i] == snapshot.Number).ToHashSet();
        var own = ending.Count > 0 ? ending.Min() : Open(snapshot.Number, ending);
        var last = ending.Append(own).Max();
        var row = new StringBuilder("│");
        for (var i = 0; i < _lanes.Count; i++)
        {
            row.Append(i > own && i <= last ? '─' : ' ').Append(
                i == own ? marker
                : ending.Contains(i) ? (i < last ? "┴" : "╯")
                : _lanes[i] is null ? (i > own && i < last ? "─" : " ")
                : i > own && i < last ? "┼" : "│");
        }

        foreach (var lane in ending)
        {
            _lanes[lane] = null;
        }

        _lanes[own] = snapshot.Parent;
        return row.ToString();
    }

    private int Open(SnapshotNumber target, HashSet<int> ending)
    {
        var free = Enumerable.Range(0, _lanes.Count).FirstOrDefault(i => _lanes[i] is null && !ending.Contains(i), -1);
        if (free >= 0)
        {
            _lanes[free] = target;
            return free;
        }

        _lanes.Add(target);
        return _lanes.Count - 1;
    }

    private string Draw(string marker, HashSet<int> ending, int starting)
    {
        var last = ending.Append(starting).Max();
        var row = new StringBuilder(marker);
        for (var i = 0; i < _lanes.Count; i++)
        {
            row.Append(i <= last ? '─' : ' ').Append((ending.Contains(i), i == starting) switch
            {
                (true, _) => i < last ? '┴' : '╯',
                (_, true) => i < last ? '┬' : '╮',
                _ when _lanes[i] is null => i < last ? '─' : ' ',
                _ => i < last ? '┼' : '│',
            });
        }

        return row.ToString();
    }
}
