namespace Savepoint.Checking.Running;

/// <summary>A command and what it started. Where <c>/proc</c> is missing, only its process group can be reached.</summary>
/// <param name="leader">Its first process, which leads its session and its process group, and is not reaped yet.</param>
/// <param name="mark">What its environment is marked with.</param>
internal sealed class CommandGroup(int leader, byte[] mark)
{
    private const int TerminateSignal = 15; // SIGTERM
    private const int KillSignal = 9; // SIGKILL

    // What we start is younger than we are.
    private static readonly long OwnStart = ProcessTable.Read(Environment.ProcessId)?.StartedAt ?? 0;

    /// <summary>Whether anything of it is running, daemons aside or not.</summary>
    public bool IsThere(bool withDaemons) => Members(withDaemons).Count > 0;

    /// <summary>Asks all of it to end.</summary>
    public void Ask(bool withDaemons) => Send(withDaemons, TerminateSignal);

    /// <summary>Ends all of it.</summary>
    public void Kill(bool withDaemons) => Send(withDaemons, KillSignal);

    private void Send(bool withDaemons, int signal)
    {
        var members = Members(withDaemons);
        ChildCalls.Send(-leader, signal);
        foreach (var member in members.Where(member => member.IsThere))
        {
            ChildCalls.Send(member.Number, signal);
        }
    }

    private List<ProcessEntry> Members(bool withDaemons) => ProcessTable.Of(leader, withDaemons ? mark : null, OwnStart);
}
