using System.Buffers;
using Savepoint.Model;

namespace Savepoint.Workspaces.Scanning;

/// <summary>
/// Compares one directory's listing with what is known of it. Nothing is allocated for an entry that is as it was, but for
/// a subdirectory.
/// </summary>
internal sealed class DirectoryScan(ScanRun run, ScannedDirectory directory)
{
    private const int EntriesBetweenClockReads = 256;

    private readonly List<ScannedDirectory> _subdirectories = [];

    // Of what is known only through news, what the listing names.
    private readonly HashSet<StateTree> _listedNews = [];

    // The place of the reader's entry in the listing.
    private int _number;

    private bool _isTooDeep;

    /// <summary>How many entries that can be recorded were looked at.</summary>
    public int EntryCount { get; private set; }

    /// <summary>The directories to scan next.</summary>
    public IReadOnlyList<ScannedDirectory> Subdirectories => _subdirectories;

    public void Read(DirectoryReader reader)
    {
        var known = run.Options.Index.Directory(directory.Number);
        var pooled = ArrayPool<bool>.Shared.Rent(known.Records.Length);
        var isListed = pooled.AsSpan(0, known.Records.Length);
        isListed.Clear();

        var isWhole = ReadEntries(reader, known, isListed, directory.FirstEntry, int.MaxValue);
        if (isWhole && directory.FirstEntry > 0)
        {
            reader.Rewind();
            ReadEntries(reader, known, isListed, 0, directory.FirstEntry);
        }

        FindMissing(known, isListed);
        ArrayPool<bool>.Shared.Return(pooled);
    }

    /// <summary>
    /// Notes what the listing names, and looks at the entries from <paramref name="first"/> to before <paramref name="end"/>.
    /// False if time was up before all were looked at.
    /// </summary>
    private bool ReadEntries(DirectoryReader reader, in IndexBlock known, Span<bool> isListed, int first, int end)
    {
        var isWhole = true;
        for (_number = 0; reader.MoveNext(); _number++)
        {
            var name = reader.Name;
            var position = known.Find(name);
            var news = directory.News?.Find(name);
            var isLookedAt = isWhole && _number >= first && _number < end;
            if (isLookedAt && _number > first && _number % EntriesBetweenClockReads == 0 && run.IsOverdue)
            {
                run.Leave(directory.Path, _number);
                isWhole = isLookedAt = false;
            }

            var isThere = !isLookedAt || WorkspacePath.IsGitName(name) || Look(reader, position < 0 ? default : known.Records[position], news);
            if (position >= 0)
            {
                isListed[position] = isThere;
            }
            else if (news is not null && isThere)
            {
                _listedNews.Add(news);
            }
        }

        return isWhole;
    }

    /// <summary>Looks at the reader's entry. False if it is gone by now.</summary>
    private bool Look(DirectoryReader reader, in IndexRecord record, StateTree? news)
    {
        var name = reader.Name;
        if (!directory.Path.HasRoomFor(name))
        {
            SkipTooDeep();
            return true;
        }

        var before = news?.State;
        var isNew = before is null ? !(run.Options.IsIndexOfHead && record.IsRecorded) : before.IsAbsent;
        var mayBeLeftOut = isNew && !HoldsRecorded(record, news);
        if (mayBeLeftOut && TemporaryName.IsTemporary(name))
        {
            run.FoundTemporary(directory.Path.Append(name));
            return true;
        }

        if (mayBeLeftOut && reader.Type is { } type && run.IsLeftOut(directory, name, type == EntryType.Directory))
        {
            return true;
        }

        EntryStat stat;
        try
        {
            if (reader.Stat() is not { } found)
            {
                return false;
            }

            stat = found;
        }
        catch (SavepointException)
        {
            run.Skip(directory.Path.Append(name), SkipReason.Unreadable);
            return true;
        }

        // Where the directory does not tell its entries' types, only a stat knows which rules apply.
        if (!mayBeLeftOut || reader.Type is not null || !run.IsLeftOut(directory, name, stat.IsDirectory))
        {
            Take(name, stat, record, news);
        }

        return true;
    }

    private void SkipTooDeep()
    {
        if (!_isTooDeep)
        {
            run.Skip(directory.Path, SkipReason.TooDeep);
            _isTooDeep = true;
        }
    }

    private bool HoldsRecorded(in IndexRecord record, StateTree? news) => (run.Options.IsIndexOfHead && record.Child != 0) || news is { IsLeaf: false };

    private void Take(ReadOnlySpan<byte> name, in EntryStat stat, in IndexRecord record, StateTree? news)
    {
        EntryCount += stat.Type is EntryType.File or EntryType.Symlink ? 1 : 0;

        // What the head was told since the index was written has to be read again, whatever the stat says.
        var isUnchanged = news?.State is null && record.IsUnchanged(stat);
        switch (stat.Type)
        {
            case EntryType.Directory:
                TakeDirectory(directory.Path.Append(name), stat, record, news);
                break;
            case EntryType.File or EntryType.Symlink when isUnchanged && run.Options.IsIndexOfHead:
                if (stat is { IsFile: true, LinkCount: > 1 })
                {
                    run.Skip(directory.Path.Append(name), SkipReason.Hardlink);
                }

                break;
            case EntryType.File or EntryType.Symlink:
                var path = directory.Path.Append(name);
                run.Found(new ScannedEntry(path, stat, run.Before(record, news), record.IsUnchanged(stat) ? record.Content : null, _number));
                run.MissingBelow(path, record.Child, news);
                break;
            default:
                run.Skip(directory.Path.Append(name), stat.Type switch { EntryType.Fifo => SkipReason.Fifo, EntryType.Socket => SkipReason.Socket, _ => SkipReason.Device });
                run.Missing(directory.Path.Append(name), record, news);
                break;
        }
    }

    private void TakeDirectory(WorkspacePath path, in EntryStat stat, in IndexRecord record, StateTree? news)
    {
        if (run.IsExcluded(path))
        {
            return;
        }

        EntryCount++;

        var before = run.Before(record, news);
        if (before is not FileState.Directory known || known.Mode != stat.Mode)
        {
            run.Found(new ScannedEntry(path, stat, before, null, _number));
        }

        if (!run.IsBegun(path))
        {
            _subdirectories.Add(new ScannedDirectory(path, directory.Rules.Of(path), record.Child, news));
        }
    }

    private void FindMissing(in IndexBlock known, ReadOnlySpan<bool> isListed)
    {
        for (var i = 0; i < isListed.Length; i++)
        {
            if (!isListed[i])
            {
                ref readonly var record = ref known.Records[i];
                run.Missing(directory.Path.Append(known.Name(record)), record, directory.News?.Find(known.Name(record)));
            }
        }

        foreach (var (name, news) in directory.News?.Children ?? [])
        {
            if (known.Find(name) < 0 && !_listedNews.Contains(news))
            {
                run.Missing(directory.Path.Append(name), default, news);
            }
        }
    }
}
