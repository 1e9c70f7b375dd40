using Savepoint.Model;

namespace Savepoint.Storage.Milestones;

/// <summary>Reads back what <see cref="HistoryBlock"/> wrote, in the same order.</summary>
internal sealed class HistoryBlockReader(byte[] bytes)
{
    private readonly RecordReader _record = new(bytes);
    private readonly PathStates _states = new();
    private long _number;
    private long _time;

    private delegate T Conversion<T>(in ArchivedChange change); // by reference: it is large, and a baseline has one for each file

    /// <summary>The snapshots as they were written, the oldest first.</summary>
    public IEnumerable<ArchivedSnapshot> Read()
    {
        while (!_record.IsAtEnd)
        {
            yield return new ArchivedSnapshot(ReadHeader(), ReadChanges((in ArchivedChange change) => change));
        }
    }

    /// <summary>The snapshots, the oldest first, their contents named by ids.</summary>
    /// <exception cref="SavepointException">A content that one names is not known any more.</exception>
    public IEnumerable<Snapshot> Read(MilestoneContents contents)
    {
        while (!_record.IsAtEnd)
        {
            yield return ReadHeader() with { Changes = ReadChanges((in ArchivedChange change) => change.Resolve(contents)) };
        }
    }

    private Snapshot ReadHeader()
    {
        _number += _record.ReadSigned();
        var parent = _record.Read() is not 0 and var steps ? new SnapshotNumber(_number - steps) : (SnapshotNumber?)null;
        var branch = _record.ReadSharedText() ?? throw RecordReader.Damaged();
        var kind = (SnapshotKind)_record.Read();
        _time += _record.ReadSigned();
        return new Snapshot
        {
            Number = new SnapshotNumber(_number),
            Parent = parent,
            Branch = branch,
            Kind = kind,
            Time = SnapshotTime.FromMicroseconds(_time),
            Actor = new Actor(_record.ReadSharedText(), _record.ReadSharedText(), _record.ReadSharedText(), _record.ReadSharedText()),
            Tool = _record.ReadSharedText(),
            Message = _record.ReadSharedText(),
            OperationCount = (int)_record.Read(),
            Target = _record.Read() is not 0 and var target ? new SnapshotNumber(target) : null,
            RedoCount = (int)_record.Read(),
            ExitCode = _record.Read() == 0 ? null : (int)_record.ReadSigned(),
            Duration = _record.Read() is not 0 and var duration ? TimeSpan.FromMicroseconds(duration - 1) : null,
            Git = _record.Read() == 0 ? null : new GitHead(_record.ReadSharedText(), _record.ReadSharedText()),
            Coverage = ReadCoverage(),
            Changes = [],
        };
    }

    private Coverage ReadCoverage()
    {
        var (isComplete, scanned) = (_record.Read() != 0, _record.Read());
        var skipped = new SkippedEntry[_record.ReadCount()];
        for (var i = 0; i < skipped.Length; i++)
        {
            var reason = (SkipReason)_record.Read();
            skipped[i] = new SkippedEntry(_record.ReadSharedPath(), reason);
        }

        return new Coverage(isComplete, scanned, skipped);
    }

    private T[] ReadChanges<T>(Conversion<T> convert)
    {
        var changes = new T[_record.ReadCount()];
        _states.Expect(changes.Length);
        for (var i = 0; i < changes.Length; i++)
        {
            var flags = _record.Read();
            var path = _record.ReadSharedPath();
            var old = (flags & PathStates.IsMove) != 0 ? _record.ReadSharedPath() : (WorkspacePath?)null;
            ArchivedState before;
            if ((flags & PathStates.IsKnown) != 0)
            {
                before = _states.Find(old ?? path) ?? throw RecordReader.Damaged();
            }
            else
            {
                before = ArchivedState.Read(_record, 0, _states.LastOrdinal);
                _states.Saw(before);
            }

            var after = ArchivedState.Read(_record, before.Code, before.Ordinal ?? _states.LastOrdinal);
            _states.Apply(path, old, after);
            changes[i] = convert(new ArchivedChange(path, old, before, after));
        }

        return changes;
    }
}
