using Savepoint.Events;
using Savepoint.Model;

namespace Savepoint;

/// <content>Memory: what is held for speed alone, and letting go of it.</content>
public sealed partial class SnapshotManager
{
    /// <summary>What each account of hot copies holds in memory now, in bytes.</summary>
    public IReadOnlyList<(string Account, long Bytes)> Memory => _optimizer.Balance();

    /// <summary>
    /// Lets go of hot copies as if the threshold of <paramref name="level"/> had been passed; <see cref="MemoryLevel.Emergency"/>
    /// also gives the freed pages back to the system. The next reads are slower, nothing is lost.
    /// </summary>
    /// <param name="level">How much to let go: a half, three quarters, or all.</param>
    public MemoryStep FreeMemory(MemoryLevel level = MemoryLevel.Emergency)
    {
        var step = _optimizer.Step(level);
        Publish(step);
        return step;
    }

    private void KeepMemoryInBudget()
    {
        if (_optimizer.Check() is { } step)
        {
            Publish(step);
        }
    }

    private void Publish(MemoryStep step)
    {
        try
        {
            Publish(new CleanupEvent("memory", null, step.BytesBefore, step.BytesAfter));
        }
        catch (SavepointException)
        {
            // A full disk, say: what was recorded is recorded, and the memory is free whether or not anybody hears of it.
        }
    }
}
