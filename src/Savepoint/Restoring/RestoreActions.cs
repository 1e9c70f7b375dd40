using Savepoint.Model;

namespace Savepoint.Restoring;

/// <summary>What a step does to its path, in one word.</summary>
internal static class RestoreActions
{
    public static RestoreAction Of(RestoreStep step) => (step.Before, step.After) switch
    {
        (FileState.Directory, FileState.Absent) => RestoreAction.Rmdir,
        (_, FileState.Absent) => RestoreAction.Delete,
        (_, FileState.Symlink) => RestoreAction.Symlink,
        (FileState.Directory, FileState.Directory) => RestoreAction.Chmod,
        (_, FileState.Directory) => RestoreAction.Mkdir,
        _ => RestorePlan.IsWritten(step) ? RestoreAction.Write : RestoreAction.Chmod,
    };
}
