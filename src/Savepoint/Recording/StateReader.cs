using Savepoint.Model;
using Savepoint.Workspaces;

namespace Savepoint.Recording;

/// <summary>
/// Reads what stands at a path now, as a state whose bytes the sink keeps. What cannot be recorded goes into the
/// coverage, with its reason. Thread-safe if the sink is.
/// </summary>
internal sealed class StateReader(WorkspaceTree tree, IContentSink sink, RecordingLimits limits, CoverageBuilder coverage, SimilarFiles? similar = null)
{
    // One less than of small files: each may store as much as the file holds.
    private const int StreamAttemptCount = 2;

    /// <summary>Whether the sink has this content, so that a state may name it unread.</summary>
    public bool Keeps(ContentId id) => sink.Contains(id);

    /// <summary>The state at <paramref name="path"/>; null if it is there but cannot be known, so that what is recorded stands.</summary>
    /// <param name="path">The path.</param>
    /// <param name="recorded">What the head holds there: its content needs no keeping again, and helps to store the next.</param>
    public FileState? Read(WorkspacePath path, FileState recorded)
    {
        coverage.Looked();
        FileRead? whole = null;
        EntryStat? stat = null;
        try
        {
            // Most often a recorded file is still one: reading it tells its stat, which need not be asked for first.
            if (recorded is FileState.Regular && limits.MaxFileBytes >= limits.MaxWholeBytes)
            {
                whole = tree.TryReadAllBytes(path, limits.MaxWholeBytes);
            }

            if (whole is not { Bytes: not null, Stat.LinkCount: 1 })
            {
                whole = null;
                stat = tree.Stat(path);
            }
        }
        catch (SavepointException e) when (IsUnreadable(e))
        {
            coverage.Skip(path, SkipReason.Unreadable);
            return null;
        }

        return whole is { } read ? Keep(path, read, recorded) : stat is { } entry ? Read(path, entry, recorded) : FileState.None;
    }

    /// <summary>As <see cref="Read(WorkspacePath, FileState)"/>, for an entry that was just stat-ed.</summary>
    public FileState? Read(WorkspacePath path, in EntryStat stat, FileState recorded)
    {
        switch (stat.Type)
        {
            case EntryType.Directory:
                return new FileState.Directory(stat.Mode);
            case EntryType.Symlink:
                return ReadLink(path);
            case EntryType.File:
                return ReadFile(path, stat, recorded);
            default:
                coverage.Skip(path, stat.Type switch { EntryType.Fifo => SkipReason.Fifo, EntryType.Socket => SkipReason.Socket, _ => SkipReason.Device });
                return FileState.None;
        }
    }

    private FileState? ReadLink(WorkspacePath path)
    {
        if (tree.TryReadLink(path) is not { } target)
        {
            return FileState.None; // gone, or something else, since it was stat-ed
        }

        var id = ContentId.Of(target);
        sink.Add(id, target, previous: null);
        return new FileState.Symlink(id, target.Length);
    }

    private FileState? ReadFile(WorkspacePath path, in EntryStat stat, FileState recorded)
    {
        if (stat.SizeBytes > limits.MaxFileBytes)
        {
            coverage.Skip(path, SkipReason.TooLarge);
            return null;
        }

        var state = stat.SizeBytes <= limits.MaxWholeBytes ? ReadWhole(path, recorded) : ReadStreamed(path);
        if (stat.LinkCount > 1 && state is FileState.Regular)
        {
            coverage.Skip(path, SkipReason.Hardlink);
        }

        return state;
    }

    private FileState? ReadWhole(WorkspacePath path, FileState recorded)
    {
        FileRead? whole;
        try
        {
            whole = tree.TryReadAllBytes(path, limits.MaxWholeBytes);
        }
        catch (SavepointException e) when (IsUnreadable(e))
        {
            coverage.Skip(path, SkipReason.Unreadable);
            return null;
        }

        return whole is not { } read ? FileState.None
            : read.Bytes is null ? ReadStreamed(path) // it grew since it was stat-ed
            : Keep(path, read, recorded);
    }

    // Only what the tree throws means that. The sink's failures are the store's, and end the capture.
    private static bool IsUnreadable(SavepointException e) => e.Code is ErrorCode.PermissionDenied or ErrorCode.Environment;

    private FileState.Regular Keep(WorkspacePath path, in FileRead read, FileState recorded)
    {
        if (read.IsTorn)
        {
            coverage.Skip(path, SkipReason.Torn);
        }

        var bytes = read.Bytes!;
        var id = ContentId.Of(bytes);
        var state = new FileState.Regular(read.Stat.Mode, id, bytes.Length);
        if (recorded is FileState.Regular before)
        {
            sink.Add(id, bytes, before.Content);
        }
        else
        {
            sink.Add(id, bytes, previous: null, similar?.Find(path));
            similar?.Note(path, state);
        }

        return state;
    }

    private FileState? ReadStreamed(WorkspacePath path)
    {
        for (var attempt = 1; ; attempt++)
        {
            var state = ReadStreamed(path, out var before);
            if (state is not FileState.Regular || (tree.Stat(path) is { } after && after.IsSameContentAs(before)))
            {
                return state;
            }

            if (attempt == StreamAttemptCount)
            {
                coverage.Skip(path, SkipReason.Torn);
                return state;
            }
        }
    }

    private FileState? ReadStreamed(WorkspacePath path, out EntryStat stat)
    {
        TreeFileStream? stream = null;
        stat = default;
        try
        {
            stream = tree.TryOpenRead(path, out stat);
            if (stream is null)
            {
                return FileState.None;
            }

            var (id, size) = sink.Add(stream);
            return new FileState.Regular(stat.Mode, id, size);
        }
        catch (SavepointException e) when (IsUnreadable(e) && (stream is null || stream.HasFailed))
        {
            coverage.Skip(path, SkipReason.Unreadable);
            return null;
        }
        finally
        {
            stream?.Dispose();
        }
    }
}
