using Savepoint.Model;
using Savepoint.Storage;

namespace Savepoint;

/// <content>A disk without room: what can be given back is, and what was not recorded is named.</content>
public sealed partial class SnapshotManager
{
    private const int MaxPathsNamed = 5;

    /// <summary>Records; where there is no room, again, once that was given back which costs nobody anything.</summary>
    /// <exception cref="SavepointException">There is none all the same (<see cref="ErrorCode.DiskFull"/>); the message says what was not recorded.</exception>
    private T WithRoom<T>(IReadOnlyCollection<WorkspacePath> paths, bool isWhole, Func<T> record)
    {
        try
        {
            return record();
        }
        catch (SavepointException e) when (e.Code == ErrorCode.DiskFull)
        {
            GiveBackRoom();
        }

        try
        {
            return record();
        }
        catch (SavepointException e) when (e.Code == ErrorCode.DiskFull)
        {
            throw new SavepointException(ErrorCode.DiskFull, $"There is no room left for the store {StoreDirectory}. {NotRecorded(paths, isWhole)}", e.Hint, e);
        }
    }

    /// <summary>Folds the log back, gives free pages to the file system, and deletes what is derived: the scan indices, which the next scans make anew.</summary>
    private void GiveBackRoom()
    {
        foreach (var file in StoreFiles.AllIndexes(StoreDirectory))
        {
            TryDo(() => File.Delete(file));
        }

        TryDo(_store.GiveBackFreePages);
    }

    private string NotRecorded(IReadOnlyCollection<WorkspacePath> paths, bool isWhole)
    {
        if (isWhole)
        {
            return $"What changed in {Root} since snapshot {Head} was not recorded.";
        }

        var named = string.Join(", ", paths.Take(MaxPathsNamed).Select(path => PathQuoting.Quote(path.Bytes)));
        return paths.Count > MaxPathsNamed ? $"Not recorded: {named} and {paths.Count - MaxPathsNamed} more." : $"Not recorded: {named}.";
    }

    private static void TryDo(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is SavepointException or IOException or UnauthorizedAccessException)
        {
            // What cannot be given back leaves things as they are, and they are told next.
        }
    }
}
