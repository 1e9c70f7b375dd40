using System.Runtime.InteropServices;
using Savepoint.Model;

namespace Savepoint.Workspaces.Watching;

/// <summary>
/// Decides when what was reported is worth a look: once nothing has happened for a while, so that a burst is one snapshot,
/// and in time for the file whose writer is done although others go on. Pure: events and times in, decisions out; a time is
/// how long the watch has lasted.
/// </summary>
/// <remarks>
/// Due is the batch when it has been quiet for the debounce time; or, if it never is, <see cref="Patience"/> after its first
/// event, but then only those paths that have been quiet themselves. So a path is taken at most the debounce time and
/// <see cref="Patience"/> after its last event. In a burst of many paths <see cref="BurstPatience"/> counts instead, for a
/// check-out of 10,000 files shall not be a snapshot each 150 ms. A path that is never quiet is taken half-written after
/// <see cref="LongestWait"/>. Not thread-safe.
/// </remarks>
/// <param name="debounce">How long nothing must happen.</param>
internal sealed class ChangeBatch(TimeSpan debounce)
{
    /// <summary>With the default debounce of 100 ms, and some 20 ms to record, within 300 ms after the last write.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(150);

    public static readonly TimeSpan BurstPatience = TimeSpan.FromSeconds(2);
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    /// <summary>So many paths in a second or two are a burst: more than a person or an edit tool changes.</summary>
    public const int BurstCount = 256;

    /// <summary>From here on a scan of everything costs less than a look at each path, and the memory has an end.</summary>
    public const int MaxPathCount = 5_000;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Dictionary<WorkspacePath, Times> _paths = [];
    private bool _isWhole;
    private TimeSpan _last;
    private TimeSpan _forced;
    private TimeSpan _notBefore;

    // How many paths began to wait in the second that began then, and in the one before it.
    private TimeSpan _second;
    private int _count;
    private int _countBefore;

    /// <summary>Whether nothing waits.</summary>
    public bool IsEmpty => _paths.Count == 0 && !_isWhole;

    /// <summary>When to ask <see cref="Take"/> again, if nothing else happens until then; null if nothing waits.</summary>
    public TimeSpan? DueAt
    {
        get
        {
            if (IsEmpty)
            {
                return null;
            }

            var quiet = _last + debounce;
            var forced = IsBurst ? _forced - Patience + BurstPatience : _forced;
            var due = quiet < forced ? quiet : forced;
            return due > _notBefore ? due : _notBefore;
        }
    }

    private bool IsBurst => _isWhole || _count + _countBefore >= BurstCount;

    /// <summary>Something happened to a path.</summary>
    public void Add(WorkspacePath path, TimeSpan now)
    {
        Begin(now);
        if (_isWhole)
        {
            return; // it will be looked at with everything else
        }

        ref var times = ref CollectionsMarshal.GetValueRefOrAddDefault(_paths, path, out var isThere);
        times = new Times(isThere ? times.First : now, now);
        Count(isThere ? 0 : 1, now);
        if (_paths.Count > MaxPathCount)
        {
            AddAll(now);
        }
    }

    /// <summary>Something happened, and nobody knows to what.</summary>
    public void AddAll(TimeSpan now)
    {
        Begin(now);
        _isWhole = true;
        _paths.Clear();
    }

    /// <summary>Lets the machine rest after a look that was long, so that looking never takes more than a third of the time.</summary>
    public void Rest(TimeSpan now, TimeSpan spent) => _notBefore = now + (spent < Patience / 3 ? TimeSpan.Zero : spent * 2 < LongestWait ? spent * 2 : LongestWait);

    /// <summary>What is due now; null if nothing is.</summary>
    public ChangeSet? Take(TimeSpan now)
    {
        if (DueAt is not { } due || now < due)
        {
            return null;
        }

        if (_isWhole || now >= _last + debounce)
        {
            var all = new ChangeSet([.. _paths.Keys], _isWhole);
            _paths.Clear();
            _isWhole = false;
            return all;
        }

        var ready = _paths.Where(entry => now >= entry.Value.Last + debounce || now >= entry.Value.First + LongestWait).Select(entry => entry.Key).ToList();
        ready.ForEach(path => _paths.Remove(path));

        // For the rest the next look is when the first of them can be quiet, but not at once: each look is a snapshot.
        var next = _paths.Count == 0 ? now : _paths.Values.Min(times => times.Last) + debounce;
        _forced = next > now + Patience ? next : now + Patience;
        return ready.Count == 0 ? null : new ChangeSet(ready, IsWhole: false);
    }

    private void Begin(TimeSpan now)
    {
        if (IsEmpty)
        {
            _forced = now + (Patience > debounce ? Patience : debounce);
        }

        _last = now;
    }

    private void Count(int paths, TimeSpan now)
    {
        if (now - _second >= Second)
        {
            _countBefore = now - _second < 2 * Second ? _count : 0;
            _count = 0;
            _second = now;
        }

        _count += paths;
    }

    private readonly record struct Times(TimeSpan First, TimeSpan Last);
}

/// <summary>What to look at.</summary>
/// <param name="Paths">These entries.</param>
/// <param name="IsWhole">Everything.</param>
internal sealed record ChangeSet(IReadOnlyCollection<WorkspacePath> Paths, bool IsWhole)
{
    public static ChangeSet Nothing { get; } = new([], IsWhole: false);

    public static ChangeSet Everything { get; } = new([], IsWhole: true);
}
