using Savepoint.Model;

namespace Savepoint.Storage.Layers;

/// <summary>
/// L1: a ring of the last 50 operations of a branch (the seed's capacity; its own sketch, whose full ring looks empty, holds
/// 49), with diffs and contents ready. The number of each of the 50 is always here. The oldest lose their decoded form
/// first when the bytes do not suffice, and an operation too large for memory never has one.
/// </summary>
internal sealed class OperationBuffer(long maxBytes) : IMemoryLayer
{
    /// <summary>How many operations (seed, L1 capacity).</summary>
    public const int Capacity = 50;

    private readonly Slot[] _ring = new Slot[Capacity];
    private readonly HeldContents _held = new();
    private int _next;

    /// <summary>How many operations it knows, 0 to <see cref="Capacity"/>.</summary>
    public int Count { get; private set; }

    public LayerUse Use => new(SnapshotLayer.L1, Count, _held.SizeBytes);

    /// <summary>The newest operation it knows; null before the first.</summary>
    public SnapshotNumber? Newest => Count == 0 ? null : _ring[IndexOf(0)].Number;

    public IReadOnlyList<OperationSnapshot> Add(OperationSnapshot operation) => Add(operation.Number, operation);

    /// <summary>Takes the next operation of the branch.</summary>
    /// <param name="number">Its number, greater than all that are here.</param>
    /// <param name="operation">It; null if it is known to be too large for memory, and only takes its place among the 50.</param>
    /// <returns>What it sheds for it, the oldest first.</returns>
    public IReadOnlyList<OperationSnapshot> Add(SnapshotNumber number, OperationSnapshot? operation)
    {
        if (number <= Newest)
        {
            throw new ArgumentException($"Operation {number} does not follow {Newest}.", nameof(number));
        }

        var shed = new List<OperationSnapshot>();
        Release(_next, shed); // once the ring is full, the oldest stands where the newest comes
        _ring[_next] = new Slot(number, operation is { IsLight: true } ? operation : null);
        _next = (_next + 1) % Capacity;
        Count = Math.Min(Count + 1, Capacity);
        if (operation is { IsLight: true })
        {
            _held.Add(operation);
            ShrinkTo(maxBytes, shed);
        }
        else if (operation is not null)
        {
            shed.Add(operation);
        }

        return shed;
    }

    /// <summary>The last <paramref name="count"/> operations, or as many as there are, the newest first, each by its place in the ring. Null for one that is not in memory.</summary>
    public List<(SnapshotNumber Number, OperationSnapshot? Operation)> GetLast(int count)
    {
        var last = new List<(SnapshotNumber, OperationSnapshot?)>(Math.Min(count, Count));
        for (var age = 0; age < count && age < Count; age++)
        {
            var slot = _ring[IndexOf(age)];
            last.Add((slot.Number, slot.Operation));
        }

        return last;
    }

    public OperationSnapshot? Find(SnapshotNumber number) => AgeOf(number) is { } age ? _ring[IndexOf(age)].Operation : null;

    public byte[]? FindContent(ContentId id) => _held.Find(id);

    public void Remove(SnapshotNumber number)
    {
        if (AgeOf(number) is { } age)
        {
            Release(IndexOf(age), []);
        }
    }

    public void Trim(long maxBytes)
    {
        ShrinkTo(maxBytes, []);
        _held.TrimExcess();
    }

    /// <summary>Forgets the 50 altogether: another history begins.</summary>
    /// <returns>What of them was in memory, the oldest first.</returns>
    public IReadOnlyList<OperationSnapshot> Clear()
    {
        var shed = new List<OperationSnapshot>();
        ShrinkTo(0, shed);
        (_next, Count) = (0, 0);
        return shed;
    }

    /// <summary>Where the operation stands that so many newer ones followed.</summary>
    private int IndexOf(int age) => (_next - 1 - age + (2 * Capacity)) % Capacity;

    /// <summary>How many newer operations there are than this one; null if it is not here. By bisection: numbers grow.</summary>
    private int? AgeOf(SnapshotNumber number)
    {
        var (low, high) = (0, Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = _ring[IndexOf(middle)].Number.CompareTo(number);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order > 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return null;
    }

    private void ShrinkTo(long bytes, List<OperationSnapshot> shed)
    {
        for (var age = Count - 1; age >= 0 && _held.SizeBytes > bytes; age--)
        {
            Release(IndexOf(age), shed);
        }
    }

    private void Release(int index, List<OperationSnapshot> shed)
    {
        if (_ring[index].Operation is { } operation)
        {
            _held.Remove(operation);
            _ring[index] = _ring[index] with { Operation = null };
            shed.Add(operation);
        }
    }

    private readonly record struct Slot(SnapshotNumber Number, OperationSnapshot? Operation);
}
