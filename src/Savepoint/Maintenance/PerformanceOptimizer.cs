using Savepoint.Model;
using Savepoint.Policies;
using Savepoint.Storage;

namespace Savepoint.Maintenance;

/// <summary>
/// Keeps the hot copies of a history within their budget: asked after each piece of work, it trims every account when
/// their total passes a threshold. Thread-safe. (The seed's name.)
/// </summary>
/// <remarks>
/// Only memory is at stake, never history: the levels of compaction, which may free recorded states, are the user's to
/// choose and the store's quota's, not those of a process that happens to be large (docs/design/memory.md).
/// </remarks>
internal sealed class PerformanceOptimizer(MemoryBudget budget, IReadOnlyList<IMemoryAccount> accounts, TimeProvider time)
{
    private readonly Lock _gate = new();

    /// <summary>What the accounts hold together, in bytes.</summary>
    public long Bytes
    {
        get
        {
            long bytes = 0;
            foreach (var account in accounts)
            {
                bytes += account.Bytes;
            }

            return bytes;
        }
    }

    /// <summary>What each account holds now.</summary>
    public IReadOnlyList<(string Account, long Bytes)> Balance() => [.. accounts.Select(account => (account.Name, account.Bytes))];

    /// <summary>Acts if a threshold is passed. Costs a few additions if none is.</summary>
    /// <returns>What was done; null if nothing had to be.</returns>
    public MemoryStep? Check() => budget.LevelOf(Bytes) is var level and not MemoryLevel.Normal ? Step(level) : null;

    /// <summary>Does what a level asks for, whatever the accounts hold.</summary>
    public MemoryStep Step(MemoryLevel level)
    {
        // One at a time: a second step finds what the first one left.
        lock (_gate)
        {
            var started = time.GetTimestamp();
            var before = Bytes;
            foreach (var account in accounts)
            {
                account.Trim((long)(account.Bytes * MemoryBudget.ShareLeftBy(level)));
            }

            if (level == MemoryLevel.Emergency)
            {
                ContentCodec.FreeContexts();

                // Freed objects are the process's until a collection; only an aggressive one gives their pages back.
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                NativeHeap.Trim();
            }

            return new MemoryStep(level, before, Bytes, time.GetElapsedTime(started));
        }
    }
}
