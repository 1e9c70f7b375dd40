using System.Text.Json;

namespace Savepoint.Crash;

/// <summary>
/// What an agent does until the power goes: it writes files and captures them, and now and then rolls back. Its own writes
/// are synced, so that what is found torn afterwards is a restore's doing.
/// </summary>
internal sealed class PowerWork(World world)
{
    private const int FileCount = 12;

    private readonly List<(long Number, TreeManifest Tree)> _acknowledged = [];
    private readonly HashSet<string> _writing = [];
    private (TreeManifest Before, TreeManifest After)? _restoring;
    private bool _isRestored;
    private int _steps;

    /// <summary>How many snapshots were acknowledged so far; may be read by another thread.</summary>
    public int Steps => Volatile.Read(ref _steps);

    /// <summary>The snapshots that were acknowledged before the power went, the oldest first.</summary>
    public IReadOnlyList<(long Number, TreeManifest Tree)> Acknowledged => _acknowledged;

    /// <summary>Begins to track, and syncs the tree: what comes after that is looked at.</summary>
    public void Begin()
    {
        for (var i = 0; i < FileCount; i++)
        {
            Write($"file-{i}", 0);
        }

        world.Run("init").Expect(0);
        Shell.Run(world.Directory, "sync -f .");
        _acknowledged.Add((1, world.Tree()));
        Volatile.Write(ref _steps, 1);
    }

    /// <summary>Works until nothing works any more.</summary>
    public void GoOnUntilTheEnd()
    {
        try
        {
            for (var round = 1; ; round++)
            {
                WriteSome(round);
                if (!IsAcknowledged(world.Run("capture", "--json"), world.Tree()))
                {
                    return;
                }

                _isRestored = false;

                if (round % 3 == 0)
                {
                    var target = _acknowledged[_acknowledged.Count / 2];
                    _restoring = (world.Tree(), target.Tree);
                    if (!IsAcknowledged(world.Run("rollback", $"{target.Number}", "--json"), target.Tree))
                    {
                        return;
                    }

                    (_restoring, _isRestored) = (null, true);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            // The power is gone.
        }
        finally
        {
            Volatile.Write(ref _steps, int.MaxValue); // nobody need wait for more
        }
    }

    /// <summary>Acknowledged snapshots that are not there, or hold something else.</summary>
    public List<long> Missing() => [.. _acknowledged.Where(state => !IsThere(state.Number, state.Tree)).Select(state => state.Number)];

    /// <summary>
    /// What is wrong whatever the durability: a store that does not open or is damaged. Where the newest snapshots may be lost, a
    /// verification may say that they are, until a repair has listed them.
    /// </summary>
    public IEnumerable<string> Broken(bool mayLose)
    {
        if (mayLose && world.Run("verify", "--deep") is { ExitCode: 5 } said && said.Output.Trim().Split('\n').All(line => line.EndsWith("recorded and are lost", StringComparison.Ordinal) || line.EndsWith("recorded and is lost", StringComparison.Ordinal)))
        {
            var listed = world.Run("repair");
            if (listed.ExitCode != 5 || !listed.Output.Contains(said.Output.Trim(), StringComparison.Ordinal))
            {
                yield return $"repair ended with {listed.ExitCode} after '{said.Output.Trim()}': {listed.Error.Trim()}{listed.Output.Trim()}";
            }
        }

        foreach (var verb in (string[][])[["status"], ["verify", "--deep"], ["capture", "--quiet"]])
        {
            var ended = world.Run(verb);
            if (ended.ExitCode != 0)
            {
                yield return $"{verb[0]} ended with {ended.ExitCode}: {ended.Error.Trim()}{ended.Output.Trim()}";
            }
        }
    }

    /// <summary>Files that a restore wrote, or was writing, and that are neither what stood there before nor what it brought back.</summary>
    public IEnumerable<string> Torn()
    {
        var tree = world.Tree();
        if (_restoring is { } restore)
        {
            return tree.IsMixOf(restore.Before, restore.After) ? [] : [$"{tree.Difference(restore.Before)} || {tree.Difference(restore.After)}"];
        }

        // Nothing was written since, but for the files that were being written when the power went.
        return !_isRestored ? [] : tree.DifferingPaths(_acknowledged[^1].Tree).Where(path => !_writing.Contains(path));
    }

    private bool IsThere(long number, TreeManifest tree)
    {
        try
        {
            return world.Recorded($"{number}").Equals(tree);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private bool IsAcknowledged(Ended ended, TreeManifest tree)
    {
        if (ended.ExitCode != 0 || ended.Json.GetProperty("snapshot") is not { ValueKind: JsonValueKind.Number } number)
        {
            return false;
        }

        _acknowledged.Add((number.GetInt64(), tree));
        Volatile.Write(ref _steps, _acknowledged.Count);
        _writing.Clear();
        return true;
    }

    private void WriteSome(int round)
    {
        for (var i = round % 4; i < FileCount; i += 4)
        {
            _writing.Add($"file-{i}");
        }

        foreach (var path in _writing)
        {
            Write(path, round);
        }

        if (round % 2 == 0)
        {
            _writing.Add("made");
            Write("made", round);
        }
        else
        {
            _writing.Add("made");
            File.Delete(Path.Combine(world.Root, "made"));
            Shell.Run(world.Root, "sync .");
        }
    }

    private void Write(string path, int round)
    {
        using var file = new FileStream(Path.Combine(world.Root, path), FileMode.Create, FileAccess.Write, FileShare.Read);
        file.Write(System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat($"{path} in round {round}\n", 40))));
        file.Flush(flushToDisk: true);
    }
}
