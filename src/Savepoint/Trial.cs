using System.Globalization;
using Savepoint.Checking;
using Savepoint.Checking.Running;
using Savepoint.Experiments;
using Savepoint.Model;

namespace Savepoint;

/// <summary>A working copy in which commands are tried, on a branch of its own that ends with it. Its snapshots stay. One command at a time.</summary>
internal sealed class Trial
{
    private static readonly Dictionary<string, string?> NoVariables = [];

    private readonly SnapshotManager _workspace;
    private readonly TrialMark _mark;
    private readonly TimeSpan _timeLimit;
    private readonly TimeProvider _time;
    private readonly WorkingCopy _copy;

    private Trial(SnapshotManager workspace, TrialMark mark, TimeSpan timeLimit, TimeProvider time, WorkingCopy copy, BranchSummary branch)
    {
        (_workspace, _mark, _timeLimit, _time, _copy, Branch) = (workspace, mark, timeLimit, time, copy, branch);
    }

    /// <summary>The branch that it is on.</summary>
    public BranchSummary Branch { get; }

    /// <summary>The working copy's history.</summary>
    public SnapshotManager Manager => _copy.Manager;

    /// <summary>Makes one that begins at a snapshot.</summary>
    /// <param name="workspace">Whose history it is.</param>
    /// <param name="mark">What its branch and its processes are known by, should this process die.</param>
    /// <param name="name">The branch's name.</param>
    /// <param name="start">Where it begins.</param>
    /// <param name="isolation">Its form; null for whatever the system allows.</param>
    /// <param name="isOfWholeTree">Whether all of the workspace was recorded when the trial began: what is there and in no snapshot came later then.</param>
    /// <param name="timeLimit">How long each command may run.</param>
    /// <param name="cancellationToken">Ends it; nothing is left then.</param>
    public static async Task<Trial> CreateAsync(
        SnapshotManager workspace, TrialMark mark, string name, SnapshotNumber start, Isolation? isolation, bool isOfWholeTree, TimeSpan timeLimit, CancellationToken cancellationToken)
    {
        var made = await workspace.CreateTrialBranchAsync(name, start, isolation, mark, isOfWholeTree, cancellationToken).ConfigureAwait(false);
        try
        {
            var copy = await workspace.OpenWorkingCopyAsync(name, cancellationToken).ConfigureAwait(false);
            return new Trial(workspace, mark, timeLimit, workspace.Time, copy, made.Branch);
        }
        catch
        {
            await workspace.DiscardBranchAsync(name, CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Runs a command, and reads what it says as a check of this kind.</summary>
    public Task<CheckedCommand> CheckAsync(CheckKind kind, string command, CancellationToken cancellationToken) => CheckAsync(kind, command, NoVariables, cancellationToken);

    /// <summary>The same with variables that differ from our own environment.</summary>
    public Task<CheckedCommand> CheckAsync(CheckKind kind, string command, IReadOnlyDictionary<string, string?> environment, CancellationToken cancellationToken) =>
        new CheckRunner(_time).RunAsync(kind, Command(command, CheckRunner.Environment(kind, environment)), progress: null, cancellationToken);

    /// <summary>Runs a command, and keeps what it writes.</summary>
    public async Task<(CommandEnding Ending, TrialOutput Output)> RunAsync(string command, IReadOnlyDictionary<string, string?> environment, CancellationToken cancellationToken)
    {
        var output = new TrialOutput();
        var ending = await new CommandRunner(_time).RunAsync(Command(command, environment), output, cancellationToken).ConfigureAwait(false);
        return (ending, output);
    }

    /// <summary>Runs a metric's command: its number, or why there is none.</summary>
    public async Task<(double Value, string Unit, string? Problem)> MeasureAsync(string command, CancellationToken cancellationToken)
    {
        var (ending, output) = await RunAsync(command, CheckRunner.Language(CheckKind.Bench), cancellationToken).ConfigureAwait(false);
        return ending switch
        {
            { IsTimedOut: true } => (0, "", string.Create(CultureInfo.InvariantCulture, $"its time was up after {ending.Duration.TotalSeconds:0.#} s")),
            { StartProblem: { } problem } => (0, "", problem),
            { ExitCode: not 0 } => (0, "", string.Create(CultureInfo.InvariantCulture, $"its command ended with {ending.ExitCode}")),
            _ when MetricOutput.Read(output.Standard) is { } read => (read.Value, read.Unit, null),
            _ => (0, "", "no number in what its command wrote"),
        };
    }

    /// <summary>Lets go of the working copy; it stays, as a branch's.</summary>
    public ValueTask KeepAsync() => _copy.DisposeAsync();

    /// <summary>Deletes the working copy with all that is unrecorded in it.</summary>
    public async Task DiscardAsync()
    {
        await _copy.DisposeAsync().ConfigureAwait(false);
        await _workspace.DiscardBranchAsync(Branch.Name, CancellationToken.None).ConfigureAwait(false);
    }

    private ShellCommand Command(string text, IReadOnlyDictionary<string, string?> environment) => new(text, _copy.Directory)
    {
        Environment = new Dictionary<string, string?>(environment) { [TrialMark.Variable] = _mark.Text },
        TimeLimit = _timeLimit,
        EndsDaemons = true,
        ReportDirectory = _copy.WrittenDirectory,
        Start = OperatingSystem.IsLinux() ? Start : null,
    };

    // The one way into an overlay, and it serves a copy as well.
    private (int Error, int Process) Start(ChildStart child)
    {
        using var nothing = File.OpenHandle("/dev/null");
        var error = _copy.Start(
            new CommandStart
            {
                Arguments = child.Arguments,
                Environment = child.Environment,
                Streams = ((int)nothing.DangerousGetHandle(), child.Output ?? -1, child.Error ?? -1),
                HasOwnSession = child.BeginsSession,
            },
            out var process);
        return (error, process);
    }
}
