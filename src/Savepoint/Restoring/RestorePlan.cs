using Savepoint.Model;

namespace Savepoint.Restoring;

/// <summary>
/// The steps that take the recorded tree to another state, in an order that always works: entries that make room first,
/// the deepest first; then what is written, directories before what they hold; directories' final modes last. Pure.
/// </summary>
/// <remarks>
/// A step whose before and after are equal is a directory that nothing may be written into as it stands: it is opened for
/// the restore and closed again, also by the process that carries on after a crash, so it has to be in the plan.
/// </remarks>
internal sealed class RestorePlan
{
    private const int OwnerMayWrite = 0b011_000_000; // write and search

    private readonly Dictionary<WorkspacePath, RestoreStep> _byPath;

    private RestorePlan(IReadOnlyList<RestoreStep> steps)
    {
        Steps = steps;
        _byPath = steps.ToDictionary(step => step.Path);
    }

    /// <summary>All steps, in path order.</summary>
    public IReadOnlyList<RestoreStep> Steps { get; }

    /// <summary>What has to go before anything can be written: what becomes nothing or another kind of entry. The deepest first.</summary>
    public IEnumerable<RestoreStep> Removals => Steps.Reverse().Where(IsRemoved);

    /// <summary>What is written aside and renamed into place.</summary>
    public IEnumerable<RestoreStep> Writes => Steps.Where(IsWritten);

    /// <summary>The plan for these changes.</summary>
    /// <param name="changes">Path by path, what the head holds and what shall stand.</param>
    /// <param name="parents">What the head holds at the directories of the changed paths.</param>
    public static RestorePlan Create(IEnumerable<FileChange> changes, IReadOnlyDictionary<WorkspacePath, FileState> parents)
    {
        var steps = new SortedDictionary<WorkspacePath, RestoreStep>();
        foreach (var change in changes.SelectMany(change => change.PerPath()).Where(change => change.Before != change.After))
        {
            steps[change.Path] = new RestoreStep(change.Path, change.Before, change.After);
        }

        foreach (var directory in steps.Keys.Select(path => path.Parent).Where(path => !path.IsRoot).Distinct().ToList())
        {
            if (!steps.ContainsKey(directory) && parents.GetValueOrDefault(directory) is FileState.Directory state && (state.Mode.Bits & OwnerMayWrite) != OwnerMayWrite)
            {
                steps[directory] = new RestoreStep(directory, state, state);
            }
        }

        return new RestorePlan([.. steps.Values]);
    }

    /// <summary>The plan of a restore that another process began.</summary>
    public static RestorePlan FromJournal(IReadOnlyList<RestoreStep> steps) => new(steps);

    /// <summary>The plan that takes this one back.</summary>
    public RestorePlan Reverse() => new(Steps.Select(step => new RestoreStep(step.Path, step.After, step.Before)).ToList());

    /// <summary>Where a step's file is written aside: the nearest directory above it that stands throughout.</summary>
    public WorkspacePath StagingDirectory(RestoreStep step)
    {
        var directory = step.Path.Parent;
        while (!directory.IsRoot && _byPath.TryGetValue(directory, out var other) && other is not { Before: FileState.Directory, After: FileState.Directory })
        {
            directory = directory.Parent;
        }

        return directory;
    }

    /// <summary>Whether a step needs bytes written: a file whose content differs, or a link.</summary>
    public static bool IsWritten(RestoreStep step) => step.After switch
    {
        FileState.Regular after => step.Before is not FileState.Regular before || before.Content != after.Content,
        FileState.Symlink => true,
        _ => false,
    };

    /// <summary>Whether what stands at a step's path has to go before anything else can stand there.</summary>
    public static bool IsRemoved(RestoreStep step) => !step.Before.IsAbsent && !ReplacesInPlace(step) && step.Before.GetType() != step.After.GetType();

    // A rename replaces a file or link by a file or link in one step: nothing has to go first.
    private static bool ReplacesInPlace(RestoreStep step) =>
        step.Before is FileState.Regular or FileState.Symlink && step.After is FileState.Regular or FileState.Symlink;
}
