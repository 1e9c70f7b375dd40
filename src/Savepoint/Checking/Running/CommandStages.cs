namespace Savepoint.Checking.Running;

/// <summary>
/// The stages of a command's life, and how long to wait in each: it runs; it was asked to end; it was ended; it has ended and
/// what it left behind is seen to. Not thread-safe.
/// </summary>
internal sealed class CommandStages(TimeProvider time, ShellCommand command, long started)
{
    /// <summary>What a command has piped to another may take so long to come through after its own end.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    /// <summary>How often to look for what is left.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private long? _asked;
    private bool _isKilled;
    private long? _ended;
    private long? _leftAsked;

    /// <summary>Whether it was ended because its time was up.</summary>
    public bool IsTimedOut { get; private set; }

    /// <summary>Does what is due, and says how long to wait for output or news before the next; null when all is over.</summary>
    /// <param name="hasEnded">Whether the command's first process has ended.</param>
    /// <param name="isCancelled">Whether nobody wants it any more.</param>
    /// <param name="hasPipes">Whether somebody may still write.</param>
    /// <param name="group">The command and what it started.</param>
    public TimeSpan? Next(bool hasEnded, bool isCancelled, bool hasPipes, CommandGroup group)
    {
        if (!hasEnded)
        {
            return Running(isCancelled, group);
        }

        _ended ??= time.GetTimestamp();
        var isForced = _asked is not null || command.EndsDaemons;
        if (group.IsThere(isForced))
        {
            return Leaving(hasPipes, isForced, group);
        }

        // A daemon that keeps our pipe open is not waited for.
        if (hasPipes && time.GetElapsedTime(_ended.Value) < Patience)
        {
            return Look;
        }

        if (!OperatingSystem.IsLinux())
        {
            group.Kill(isForced); // who is left cannot be seen there
        }

        return null;
    }

    private TimeSpan Running(bool isCancelled, CommandGroup group)
    {
        var left = command.TimeLimit == Timeout.InfiniteTimeSpan ? Timeout.InfiniteTimeSpan : command.TimeLimit - time.GetElapsedTime(started);
        if (_asked is null)
        {
            var isLate = left <= TimeSpan.Zero && left != Timeout.InfiniteTimeSpan;
            if (!isCancelled && !isLate)
            {
                return left;
            }

            IsTimedOut = isLate && !isCancelled;
            _asked = time.GetTimestamp();
            group.Ask(withDaemons: true);
        }

        if (time.GetElapsedTime(_asked.Value) < command.Grace)
        {
            return Look;
        }

        group.Kill(withDaemons: true);
        _isKilled = true;
        return Look;
    }

    private TimeSpan? Leaving(bool hasPipes, bool isForced, CommandGroup group)
    {
        if (hasPipes && _leftAsked is null && !isForced && time.GetElapsedTime(_ended!.Value) < Patience)
        {
            return Look;
        }

        if (_leftAsked is null && !_isKilled)
        {
            _leftAsked = time.GetTimestamp();
            group.Ask(isForced);
            return Look;
        }

        if (_isKilled || time.GetElapsedTime(_asked ?? _leftAsked!.Value) >= command.Grace)
        {
            group.Kill(isForced);
            _isKilled = true;
        }

        // What not even that ends is stuck in the kernel, and not ours to wait for.
        return time.GetElapsedTime(_ended!.Value) < command.Grace + command.Grace + TimeSpan.FromSeconds(1) ? Look : null;
    }
}
