namespace Savepoint.Workspaces.Linux;

/// <summary>A file descriptor that lives as long as one method: a <c>using</c> without a finalizer or an allocation.</summary>
/// <param name="number">The descriptor, or a negative errno if it could not be opened.</param>
internal readonly ref struct Descriptor(int number)
{
    /// <summary>The descriptor's number, if <see cref="IsOpen"/>.</summary>
    public int Number { get; } = number;

    /// <summary>Whether there is one.</summary>
    public bool IsOpen => Number >= 0;

    /// <summary>Why there is none.</summary>
    public int Errno => -Number;

    public void Dispose()
    {
        if (IsOpen)
        {
            LinuxCalls.Close(Number);
        }
    }
}
