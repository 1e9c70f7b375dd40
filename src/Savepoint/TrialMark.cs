using System.Text;
using Savepoint.Checking.Running;

namespace Savepoint;

/// <summary>
/// What the branches and processes of one experiment or bisection are known by, so that the next command finds them if ours dies: the branches by
/// their names, the processes by a variable in their environment.
/// </summary>
/// <param name="Store">The store's folder.</param>
/// <param name="Prefix">The name of its branches, or their beginning up to a slash.</param>
internal sealed record TrialMark(string Store, string Prefix)
{
    /// <summary>The variable that marks processes.</summary>
    public const string Variable = "SAVEPOINT_TRIAL";

    private const int KillSignal = 9; // SIGKILL
    private const int NoSession = -1;

    /// <summary>The variable's value.</summary>
    public string Text => $"{Prefix}@{Store}";

    /// <summary>Whether a branch is one of its own.</summary>
    public bool IsOwn(string branch) => branch == Prefix || branch.StartsWith($"{Prefix}/", StringComparison.Ordinal);

    /// <summary>Ends every process that is left of it. The next look finds what was started meanwhile.</summary>
    public async Task EndProcessesAsync(TimeProvider time)
    {
        var mark = Encoding.UTF8.GetBytes($"{Variable}={Text}\0");
        for (var attempt = 0; attempt < 100 && ProcessTable.Of(NoSession, mark) is { Count: > 0 } left; attempt++)
        {
            foreach (var process in left.Where(process => process.IsThere))
            {
                ChildCalls.Send(process.Number, KillSignal);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(2 * attempt), time).ConfigureAwait(false); // a killed process needs a moment to be gone
        }
    }
}
