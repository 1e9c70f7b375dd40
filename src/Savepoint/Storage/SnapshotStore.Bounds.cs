using Savepoint.Model;
using Savepoint.Storage.Expiry;

namespace Savepoint.Storage;

/// <content>What makes room when a store has taken what it may.</content>
internal sealed partial class SnapshotStore
{
    /// <inheritdoc cref="HistoryExpirer.Expire"/>
    public (long Count, bool IsEnd) Expire(string branch, ExpiryStage stage, long upTo, IReadOnlySet<long> held) =>
        _database.Write(() => new HistoryExpirer(_database, _reader, Merges, IsWhole).Expire(branch, stage, upTo, held));

    /// <inheritdoc cref="LabelRelease.Run"/>
    public int ReleaseLabels(DateTimeOffset now) => _database.Read(() => new LabelRelease(_database).IsDue(now)) ? _database.Write(() => new LabelRelease(_database).Run(now)) : 0;

    /// <summary>Notes that a session has ended.</summary>
    public void EndSession(string session, DateTimeOffset time) => _database.Write(() => _database
        .Prepare("INSERT INTO ended_sessions (session, time) VALUES ($1, $2) ON CONFLICT DO UPDATE SET time = excluded.time").Execute(session, SnapshotTime.ToMicroseconds(time)));

    /// <summary>The last operations of a branch and the state before them, along parents.</summary>
    public IEnumerable<long> LastOf(SnapshotNumber head, int count) => _database.Read(() =>
    {
        var numbers = new List<long>();
        for (long? next = head.Value; next is { } number && numbers.Count <= count;)
        {
            numbers.Add(number);
            next = _database.Prepare("SELECT parent FROM snapshots WHERE number = $1").Scalar(number);
        }

        return numbers;
    });

    /// <summary>Notes that states expired, in the sums that the store keeps.</summary>
    public void NoteExpiry(long count, long upTo, DateTimeOffset now) => _database.Write(() =>
    {
        _counters.Add(ExpiryCounter.Count, count);
        _counters.Set(ExpiryCounter.UpTo, Math.Max(upTo, _counters.Find(ExpiryCounter.UpTo)));
        _counters.Set(ExpiryCounter.Time, SnapshotTime.ToMicroseconds(now));
    });

    /// <summary>Gives free pages back without writing anything anew: for a disk that is full.</summary>
    public void GiveBackFreePages() => _database.GiveBackFreePages();
}
