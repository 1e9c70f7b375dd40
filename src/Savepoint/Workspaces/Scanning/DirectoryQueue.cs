using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;

namespace Savepoint.Workspaces.Scanning;

/// <summary>
/// The directories of a walk that wait to be read, and the threads that read them. One stack under one lock: reading a
/// directory takes a hundred times longer than the lock is held, and taking the newest first keeps the stack short.
/// </summary>
/// <remarks>
/// The caller's thread works too, and another joins only when directories wait and the walk has gone on for a while: a
/// small tree costs no thread. A thread of its own, since a process that is about to end would start three for its pool,
/// and since a busy pool would hold the walk up. Invariant: <c>_unfinished</c> counts the directories that wait or are being read; at 0 there will be no more.
/// </remarks>
/// <typeparam name="T">What is known of a directory that waits.</typeparam>
internal sealed class DirectoryQueue<T>
    where T : class
{
    /// <summary>In which one thread looks at two thousand entries, and which is ten times as long as a thread takes to start.</summary>
    private static readonly TimeSpan Alone = TimeSpan.FromMilliseconds(2);

    // An object and not a Lock, whose waiters cannot be woken.
    private readonly object _lock = new();
    private readonly Func<T, IReadOnlyList<T>> _read;
    private readonly int _maxThreadCount;
    private readonly Stack<T> _waiting = new();
    private readonly long _start = Stopwatch.GetTimestamp();
    private int _unfinished;
    private int _threadCount = 1;
    private ExceptionDispatchInfo? _failure;

    private DirectoryQueue(IReadOnlyList<T> first, Func<T, IReadOnlyList<T>> read, int maxThreadCount)
    {
        _read = read;
        _maxThreadCount = maxThreadCount;
        for (var i = first.Count - 1; i >= 0; i--)
        {
            _waiting.Push(first[i]);
        }

        _unfinished = first.Count;
    }

    /// <summary>
    /// Calls <paramref name="read"/>, from up to <paramref name="maxThreadCount"/> threads, on each of <paramref name="first"/>
    /// with every directory that it returns, before the next. Returns when all calls have; the first that threw stops the
    /// rest, and is rethrown.
    /// </summary>
    public static void Process(IReadOnlyList<T> first, Func<T, IReadOnlyList<T>> read, int maxThreadCount)
    {
        var queue = new DirectoryQueue<T>(first, read, maxThreadCount);
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
    private T? Take()
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

    private void Finish(IReadOnlyList<T> found)
    {
        lock (_lock)
        {
            _unfinished--;
            if (_failure is null)
            {
                _unfinished += found.Count;
                for (var i = 0; i < found.Count; i++)
                {
                    _waiting.Push(found[i]);
                }
            }

            // This thread takes one itself.
            if (_waiting.Count > 1 && _threadCount < _maxThreadCount && Stopwatch.GetElapsedTime(_start) > Alone)
            {
                _threadCount++;
                new Thread(Work) { IsBackground = true, Name = "Savepoint walk" }.Start();
            }

            if (_threadCount > 1 && (_waiting.Count > 1 || _unfinished == 0))
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
