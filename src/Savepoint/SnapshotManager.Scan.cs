using Savepoint.Diagnostics;
using Savepoint.Model;
using Savepoint.Recording;
using Savepoint.Storage;
using Savepoint.Workspaces;
using Savepoint.Workspaces.Ignore;
using Savepoint.Workspaces.Scanning;

namespace Savepoint;

/// <content>Scanning the tree against the head, and what is kept between scans.</content>
public sealed partial class SnapshotManager
{
    /// <summary>A part of a scan's time for walking: what was found has to be read in the rest.</summary>
    private const double WalkShare = 0.5;

    private string IndexFile => Path.Combine(OwnDirectory, IsMain ? StoreFiles.MainIndex : StoreFiles.BranchIndex);

    private string TurnsFile => $"{IndexFile}-turns";

    /// <summary>What differs from the head in the whole tree, or at and below the named paths.</summary>
    private TreeScan Scan(IContentSink sink, List<WorkspacePath> paths, CoverageBuilder coverage, TimeSpan deadline, CancellationToken cancellationToken, BaselineWatch? watch = null)
    {
        if (!_tree.IsAtRoot())
        {
            throw new SavepointException(ErrorCode.NotTracked, $"{Root} was moved or deleted while it was open.", "Open the workspace where it is now.");
        }

        if (_tree is Workspaces.Overlays.OverlayTree overlay)
        {
            return new TreeScan(ScanLayer(overlay, sink, coverage), null);
        }

        var (started, startedNs) = (_options.Time.GetTimestamp(), (_options.Time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100);
        using var running = Begin(Operation.Scan, started, cancellationToken);
        var isWhole = paths.Count == 0 || paths.Exists(path => path.IsRoot);
        var isLimited = deadline != Timeout.InfiniteTimeSpan;
        var index = ScanIndexFile.Load(IndexFile);
        var head = _store.ReadHead(Branch, index.Head);
        if (head.IsWhole && index.Head.Number > _store.NewestNumber() && FindLost())
        {
            // Of a snapshot that a power loss took, or damage: it helps no scan any more, once what it knows is noted.
            ScanIndexFile.Delete(IndexFile);
        }

        var news = new StateTree();
        foreach (var (path, state) in head.States)
        {
            news.Set(path, state);
        }

        var rules = new WorkspaceRules(RulesRoot, GitUser());
        var found = new TreeScanner(_tree, _options.Time).Scan(
            new ScanOptions
            {
                Index = index,
                IsIndexOfHead = !head.IsWhole,
                News = news,
                Scope = rules,
                Tracked = rules.Tracked,
                ExcludedDirectories = [StoreDirectory, _options.StoreHome],
                Within = isWhole ? null : paths.FindAll(path => _tree.Stat(path) is { IsDirectory: true }),
                Turns = isLimited && isWhole ? ScanTurns.Load(TurnsFile) : [],
                TimeLimit = isLimited ? deadline * WalkShare : null,
            },
            cancellationToken);
        ReclaimTemporary(found.Temporary);
        var similar = new SimilarFiles(found.Entries.Where(entry => entry is { Stat.IsFile: true, Before.IsAbsent: true }).Select(entry => entry.Path), index);
        var recorder = new TreeRecorder(found, new StateReader(_tree, sink, _limits, coverage, similar), coverage) { Done = watch is null ? null : watch.Done };
        watch?.Begin(recorder, found, startedNs);
        var changes = recorder.Record(() => isLimited && _options.Time.GetElapsedTime(started) >= deadline, cancellationToken);
        var rulesChanged = changes.SelectMany(change => change.PerPath()).Select(change => change.Path).Concat(head.IsWhole ? [] : head.States.Select(pair => pair.Key)).Any(IsIgnoreFile);
        if (rulesChanged)
        {
            NoteIgnoredUntil(head.IsWhole ? Head : new SnapshotNumber(index.Head.Number), changes, rules, coverage);
        }

        running.Done(null, found.Entries.Count);
        if (paths.Exists(path => !path.IsRoot))
        {
            // A named path is recorded even if a rule ignores it, so those are looked at by themselves as well, and all that is below an ignored directory.
            var byName = new PathRecorder(_tree, _store.HeadTree(Branch), Reader(sink, coverage));
            var byRules = new NamedRules(DirectoryRules.From(_tree), rules);
            var named = byName.Record(paths.Concat(paths.Where(path => byRules.Ignore(path, isDirectory: true)).SelectMany(byName.AllBelow)));
            return new TreeScan(ChangeList.Build(changes.Concat(named).SelectMany(change => change.PerPath()).DistinctBy(change => change.Path)), null);
        }

        var spared = recorder.AddTo(news, startedNs) + head.States.Count;
        return new TreeScan(changes, new ScanMemory(head.IsWhole ? ScanIndex.Empty : index, news, head.Head, spared, [.. recorder.Left(), .. found.Turns]) { HasNewRules = rulesChanged });
    }

    /// <summary>Notes what appeared only since a rule is gone that held at the scan before: it may have been there all the time.</summary>
    private void NoteIgnoredUntil(SnapshotNumber? scanned, List<FileChange> changes, ITreeScope outer, CoverageBuilder coverage)
    {
        if (scanned is not { } then)
        {
            return;
        }

        var rules = new NamedRules(path => RecordedRules(then, path), outer);
        changes.Where(change => change.Before.IsAbsent && change.OldPath is null)
            .Select(change => rules.FindIgnored(change.Path, change.After is FileState.Directory)).OfType<WorkspacePath>().Distinct()
            .ToList().ForEach(path => coverage.Skip(path, SkipReason.Ignored));
    }

    /// <summary>An ignore file as it was at a snapshot; null if there was none, or it is lost or was forgotten: no capture fails for what the history misses.</summary>
    private byte[]? RecordedRules(SnapshotNumber at, WorkspacePath path)
    {
        try
        {
            return _store.StateAt(at, path) is FileState.Regular { SizeBytes: <= DirectoryRules.MaxIgnoreFileBytes } file ? _store.Contents.Read(file.Content) : null;
        }
        catch (SavepointException e) when (e.Code == ErrorCode.Damaged)
        {
            return null;
        }
    }

    private static bool IsIgnoreFile(WorkspacePath path) => !path.IsRoot && (path.Name.SequenceEqual(IgnoreFile.GitName) || path.Name.SequenceEqual(IgnoreFile.SavepointName));

    /// <summary>A baseline and a restore take the time they need.</summary>
    private TimeSpan DeadlineOf(SnapshotKind kind) => kind == SnapshotKind.Operation ? _options.ScanDeadline : Timeout.InfiniteTimeSpan;

    /// <summary>Keeps for the next scan what this one found out, now that it is recorded.</summary>
    /// <param name="scan">The scan; null, or one of named paths, keeps nothing.</param>
    /// <param name="recorded">What was appended; null if nothing was.</param>
    private void Remember(TreeScan? scan, Snapshot? recorded)
    {
        if (scan?.Memory is not { } memory)
        {
            return;
        }

        ScanTurns.Save(TurnsFile, memory.Turns);

        // If others recorded something meanwhile, what is known here is not yet the tree of any snapshot.
        var isAlone = recorded is null ? scan.Changes.Count == 0 : (recorded.Parent?.Value ?? 0) == memory.Head.Number && recorded.Changes.Count == scan.Changes.Count;
        if (isAlone && memory.IsWorthWriting)
        {
            var head = recorded is null ? memory.Head : _store.MarkOf(recorded.Number) ?? HeadMark.None;
            ScanIndexFile.Replace(IndexFile, ScanIndexWriter.Write(memory.Index, memory.News, head));
        }
    }

    /// <summary>How the tree differs from the head, and what is worth knowing for the next scan.</summary>
    private sealed record TreeScan(List<FileChange> Changes, ScanMemory? Memory);

    /// <summary>What a scan of the whole tree leaves to the next.</summary>
    /// <param name="Index">The index that it had, if that was of the head.</param>
    /// <param name="News">What is known beyond it.</param>
    /// <param name="Head">The snapshot that the tree was compared with.</param>
    /// <param name="Spared">How many files the next scan has to read for each time that the index is not written.</param>
    /// <param name="Turns">Where the next scan begins.</param>
    private sealed record ScanMemory(ScanIndex Index, StateTree News, HeadMark Head, double Spared, IReadOnlyList<ScanTurn> Turns)
    {
        /// <summary>
        /// Writing costs a hundredth of a read for each entry. If each scan adds one file to be read again, the least is
        /// spent in all when those reads have cost as much as the writing will: once n²/2 of them do. A scan that was cut
        /// short keeps all it found out, lest the next finds out the same.
        /// </summary>
        public bool IsWorthWriting => HasNewRules || (Spared > 0 && (Turns.Count > 0 || Spared * Spared / 2 >= Index.EntryCount / 100.0));

        /// <summary>Whether ignore files have changed since the scan before: what the next one finds is held against the rules of this one.</summary>
        public bool HasNewRules { get; init; }
    }
}
