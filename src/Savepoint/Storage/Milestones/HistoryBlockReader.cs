using Savepoint.Model;

namespace Savepoint.Storage.Milestones;

/// <summary>Reads back what <see cref="HistoryBlock"/> wrote, in the same order.</summary>
internal sealed class HistoryBlockReader(byte[] bytes)
{
    private readonly RecordReader _record = new(bytes);
    private readonly PathStates _states = new();

    public IEnumerable<ArchivedSnapshot> Read()
    {
        for (long number = 0, time = 0; !_record.IsAtEnd;)
        {
            number += _record.ReadSigned();
            var parent = _record.Read() is not 0 and var steps ? new SnapshotNumber(number - steps) : (SnapshotNumber?)null;
            var branch = _record.ReadSharedText() ?? throw RecordReader.Damaged();
            var kind = (SnapshotKind)_record.Read();
            time += _record.ReadSigned();
            var header = new Snapshot
            {
                Number = new SnapshotNumber(number),
                Parent = parent,
                Branch = branch,
                Kind = kind,
                Time = SnapshotTime.FromMicroseconds(time),
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
            yield return new ArchivedSnapshot(header, ReadChanges());
        }
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

    private ArchivedChange[] ReadChanges()
    {
        var changes = new ArchivedChange[_record.ReadCount()];
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
            changes[i] = new ArchivedChange(path, old, before, after);
        }

        return changes;
    }
}
