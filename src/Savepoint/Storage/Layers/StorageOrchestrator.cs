using Savepoint.Model;

namespace Savepoint.Storage.Layers;

/// <summary>
/// Finds an operation by number, L1 → L2 → disk → L3, and keeps in memory what is likely to be asked for again: what L1
/// sheds is poured into L2, what was found below rises into L2. Nothing is built before it is asked for. Thread-safe.
/// </summary>
/// <remarks>
/// Another process's captures are seen at once: "last" begins with asking the store's head. What a number holds never
/// changes but by compaction and forgetting, and those change the record's hash; so each answer from memory is checked
/// against that, one row of the store.
/// </remarks>
internal sealed class StorageOrchestrator : IContentSource, IMemoryAccount
{
    private const int SharesOfBudget = 3; // one for L1, whose 50 edits are seldom large, the rest for L2

    private readonly SnapshotStore _store;
    private readonly string _branch;
    private readonly OperationBuffer _l1;
    private readonly SessionCache _l2;
    private readonly StoredOperations _disk;
    private readonly ISnapshotLayer? _milestones;
    private readonly Lock _gate = new();
    private readonly Lock _filling = new();

    /// <param name="store">The record of everything.</param>
    /// <param name="branch">Whose last operations L1 holds.</param>
    /// <param name="maxBytes">What L1 and L2 may weigh in all.</param>
    /// <param name="milestones">L3; null if there is none.</param>
    public StorageOrchestrator(SnapshotStore store, string branch, long maxBytes, ISnapshotLayer? milestones = null)
    {
        (_store, _branch, _milestones) = (store, branch, milestones);
        _l1 = new OperationBuffer(maxBytes / SharesOfBudget);
        _l2 = new SessionCache(maxBytes - (maxBytes / SharesOfBudget));
        _disk = new StoredOperations(store, this);
    }

    /// <summary>How many of the operations asked for were in L1, in L2, and in neither, since <see cref="TakeHits"/> was called last.</summary>
    public (long L1, long L2, long Below) Hits { get; private set; }

    /// <summary>What the layers in memory hold now.</summary>
    public (LayerUse L1, LayerUse L2) Uses
    {
        get
        {
            lock (_gate)
            {
                return (_l1.Use, _l2.Use);
            }
        }
    }

    /// <summary><see cref="Hits"/>, which are then counted from 0 again.</summary>
    public (long L1, long L2, long Below) TakeHits()
    {
        lock (_gate)
        {
            var taken = Hits;
            Hits = default;
            return taken;
        }
    }

    /// <summary>The operation of this number, from the first layer that has it; null if none has.</summary>
    /// <exception cref="SavepointException">A content of it is lost.</exception>
    public OperationSnapshot? Find(SnapshotNumber number)
    {
        var mark = _store.MarkOf(number);
        lock (_gate)
        {
            if (FindInMemory(number, mark ?? HeadMark.None) is { } hot)
            {
                return hot;
            }
        }

        var found = (mark is null ? null : _disk.Find(number)) ?? _milestones?.Find(number);
        if (found is not null)
        {
            lock (_gate)
            {
                _l2.Add(found); // what it sheds is on disk already, and so is what does not fit
            }
        }

        return found;
    }

    /// <summary>The branch's last operations, the newest first; at most 50. Those that memory does not hold are read.</summary>
    public List<OperationSnapshot> GetLast(int count)
    {
        Fill();
        List<(SnapshotNumber Number, OperationSnapshot? Operation)> last;
        lock (_gate)
        {
            last = _l1.GetLast(count);
        }

        return [.. last.Select(slot => Find(slot.Number)).OfType<OperationSnapshot>()];
    }

    /// <summary>Brings L1 up to the branch's head: decodes the operations that are new, at most 50. Costs a row if there is none.</summary>
    public void Fill()
    {
        lock (_filling)
        {
            SnapshotNumber? known;
            lock (_gate)
            {
                known = _l1.Newest;
            }

            if (_store.Head(_branch) is not { } head || head == known)
            {
                return;
            }

            var (missing, isContinued) = Missing(head, known);
            if (!isContinued)
            {
                lock (_gate)
                {
                    Pour(_l1.Clear());
                }
            }

            foreach (var number in missing)
            {
                var operation = FindWhole(number);
                lock (_gate)
                {
                    Pour(_l1.Add(number, operation));
                }
            }
        }
    }

    string IMemoryAccount.Name => "layers";

    long IMemoryAccount.Bytes
    {
        get
        {
            lock (_gate)
            {
                return _l1.Use.SizeBytes + _l2.Use.SizeBytes;
            }
        }
    }

    /// <summary>Lets go of L2's least recently used, then of L1's oldest.</summary>
    public void Trim(long maxBytes)
    {
        lock (_gate)
        {
            _l2.Trim(Math.Max(0, maxBytes - _l1.Use.SizeBytes));
            _l1.Trim(maxBytes);
        }
    }

    /// <summary>As the store's, from memory where an operation there has it decoded.</summary>
    public byte[] Read(ContentId id) => FindContent(id) ?? _store.Contents.Read(id);

    /// <inheritdoc cref="Read"/>
    public void CopyTo(ContentId id, Stream destination)
    {
        if (FindContent(id) is { } held)
        {
            destination.Write(held);
        }
        else
        {
            _store.Contents.CopyTo(id, destination);
        }
    }

    // One whose bytes are lost has no place in memory; whoever asks for it is told.
    private OperationSnapshot? FindWhole(SnapshotNumber number)
    {
        try
        {
            return _disk.FindLight(number);
        }
        catch (SavepointException e) when (e.Code == ErrorCode.Damaged)
        {
            return null;
        }
    }

    private byte[]? FindContent(ContentId id)
    {
        lock (_gate)
        {
            return _l1.FindContent(id) ?? _l2.FindContent(id);
        }
    }

    private OperationSnapshot? FindInMemory(SnapshotNumber number, HeadMark mark)
    {
        var (inL1, inL2) = (_l1.Find(number), _l2.Find(number));
        if ((inL1 ?? inL2) is { } hot && hot.Mark == mark)
        {
            Hits = inL1 is not null ? (Hits.L1 + 1, Hits.L2, Hits.Below) : (Hits.L1, Hits.L2 + 1, Hits.Below);
            return hot;
        }

        _l1.Remove(number); // the store has another record under this number now
        _l2.Remove(number);
        Hits = (Hits.L1, Hits.L2, Hits.Below + 1);
        return null;
    }

    /// <summary>The operations from the one after <paramref name="known"/> to the head, the oldest first, along parents, the baseline left out; whether they do follow it.</summary>
    private (List<SnapshotNumber> Numbers, bool IsContinued) Missing(SnapshotNumber head, SnapshotNumber? known) => _store.ReadConsistently(() =>
    {
        var numbers = new List<SnapshotNumber>();
        SnapshotNumber? next = head;
        while (next is { } number && number != known && numbers.Count < OperationBuffer.Capacity && _store.FindHeader(number)?.Parent is { } parent)
        {
            numbers.Add(number);
            next = parent;
        }

        numbers.Reverse();
        return (numbers, known is not null && next == known);
    });

    private void Pour(IReadOnlyList<OperationSnapshot> shed)
    {
        foreach (var operation in shed)
        {
            _l2.Add(operation);
        }
    }
}
