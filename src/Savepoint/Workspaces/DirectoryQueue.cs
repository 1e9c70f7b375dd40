using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;

namespace Savepoint.Workspaces;

/// <summary>
/// The directories of a scan that wait to be read, and the threads that read them. One stack under one lock: reading a
/// directory takes a hundred times longer than the lock is held, and taking the newest first keeps the stack short.
/// </summary>
/// <remarks>
/// The caller's thread works too, and another joins only when directories wait: a small tree costs no thread, and a busy
/// thread pool makes a scan slower but cannot hold it up. Invariant: <c>_unfinished</c> counts the directories that wait
/// or are being read; at 0 there will be no more.
/// </remarks>
internal sealed class DirectoryQueue
{
    // An object and not a Lock, whose waiters cannot be woken.
    private readonly object _lock = new();
    private readonly Func<ScannedDirectory, List<ScannedDirectory>> _read;
    private readonly int _maxThreadCount;
    private readonly Stack<ScannedDirectory> _waiting = new();
    private int _unfinished;
    private int _threadCount = 1;
    private ExceptionDispatchInfo? _failure;

    private DirectoryQueue(ScannedDirectory root, Func<ScannedDirectory, List<ScannedDirectory>> read, int maxThreadCount)
    {
        _read = read;
        _maxThreadCount = maxThreadCount;
        _waiting.Push(root);
        _unfinished = 1;
    }

    /// <summary>
    /// Calls <paramref name="read"/>, from up to <paramref name="maxThreadCount"/> threads, on the root and then on every
    /// directory that it returns. Returns when all calls have; the first that threw stops the rest, and is rethrown.
    /// </summary>
    public static void Process(ScannedDirectory root, Func<ScannedDirectory, List<ScannedDirectory>> read, int maxThreadCount)
    {
        var queue = new DirectoryQueue(root, read, maxThreadCount);
        queue.Work();
        queue._failure?.Throw();
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "It is rethrown on the caller's thread.")]
    private void Work()
    {
        while (Take() is { } directory)
        {
            try
            {
                Finish(_read(directory));
            }
            catch (Exception e)
            {
                Fail(e);
            }
        }
    }

    // Null when there is nothing more to read, and nothing is being read that could add to it.
    private ScannedDirectory? Take()
    {
        lock (_lock)
        {
            while (_waiting.Count == 0 && _unfinished > 0)
            {
                Monitor.Wait(_lock);
            }

            return _waiting.TryPop(out var directory) ? directory : null;
        }
    }

    private void Finish(List<ScannedDirectory> found)
    {
        lock (_lock)
        {
            _unfinished--;
            if (_failure is null)
            {
                _unfinished += found.Count;
                found.ForEach(_waiting.Push);
            }

            // This thread takes one itself.
            if (_waiting.Count > 1 && _threadCount < _maxThreadCount)
            {
                _threadCount++;
                ThreadPool.UnsafeQueueUserWorkItem(static queue => queue.Work(), this, preferLocal: false);
            }

            if (_waiting.Count > 1 || _unfinished == 0)
            {
                Monitor.PulseAll(_lock);
            }
        }
    }

    private void Fail(Exception exception)
    {
        lock (_lock)
        {
            _failure ??= ExceptionDispatchInfo.Capture(exception);
            _unfinished -= _waiting.Count + 1;
            _waiting.Clear();
            Monitor.PulseAll(_lock);
        }
    }
}
