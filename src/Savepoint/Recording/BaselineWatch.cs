using Savepoint.Model;
using Savepoint.Workspaces.Scanning;

namespace Savepoint.Recording;

/// <summary>
/// Watches a first recording: tells how far it is, and notes from time to time in the index which files have been read, so
/// that one which is broken off need not read them again. Thread-safe.
/// </summary>
/// <param name="indexFile">The index.</param>
/// <param name="clock">Tells when to note.</param>
/// <param name="progress">Told after each file; null if nobody asks.</param>
internal sealed class BaselineWatch(string indexFile, TimeProvider clock, IProgress<CaptureProgress>? progress)
{
    /// <summary>What a sudden death may cost: so much reading, and no storing.</summary>
    private static readonly TimeSpan BetweenNotes = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private TreeRecorder? _recorder;
    private long _startedNs;
    private long _lastNote;
    private CaptureProgress _state;

    /// <summary>To be called once it is known what there is to record.</summary>
    /// <param name="recorder">Knows what has been read.</param>
    /// <param name="found">What there is.</param>
    /// <param name="startedNs">When the scan began, in nanoseconds since 1970.</param>
    public void Begin(TreeRecorder recorder, ScanResult found, long startedNs)
    {
        (_recorder, _startedNs, _lastNote) = (recorder, startedNs, clock.GetTimestamp());
        var files = found.Entries.Where(entry => !entry.Stat.IsDirectory).ToList();
        _state = new CaptureProgress(0, files.Count, 0, files.Sum(SizeOf));
    }

    /// <summary>To be called after each entry.</summary>
    public void Done(ScannedEntry entry)
    {
        lock (_gate)
        {
            if (!entry.Stat.IsDirectory)
            {
                _state = _state with { Files = _state.Files + 1, Bytes = _state.Bytes + SizeOf(entry) };
                progress?.Report(_state);
            }

            if (clock.GetElapsedTime(_lastNote) >= BetweenNotes)
            {
                Note();
                _lastNote = clock.GetTimestamp();
            }
        }
    }

    /// <summary>Notes in the index what has been read so far.</summary>
    public void Note()
    {
        if (_recorder is not null)
        {
            var read = new StateTree();
            _recorder.AddTo(read, _startedNs);
            ScanIndexFile.Replace(indexFile, ScanIndexWriter.Write(ScanIndex.Empty, read, HeadMark.None));
        }
    }

    private static long SizeOf(ScannedEntry entry) => entry.Stat.IsFile ? entry.Stat.SizeBytes : 0;
}
