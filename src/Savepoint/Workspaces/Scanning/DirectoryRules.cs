using Savepoint.Model;
using Savepoint.Workspaces.Ignore;

namespace Savepoint.Workspaces.Scanning;

/// <summary>
/// The ignore rules of one directory of a scan, read when the first entry appears that the head does not record: rules
/// keep out new entries only, so a tree in which nothing is new reads no ignore file. Thread-safe.
/// </summary>
/// <param name="read">Reads an ignore file; null for one that is not there: <see cref="From"/>, or what was recorded.</param>
/// <param name="directory">The directory.</param>
/// <param name="parent">The rules of the directory that holds it; null for the root.</param>
/// <param name="outer">The rules that the root's own are added to; null to ignore nothing.</param>
internal sealed class DirectoryRules(Func<WorkspacePath, byte[]?> read, WorkspacePath directory, DirectoryRules? parent, ITreeScope? outer)
{
    // Ignore files are written by hand; one that is larger is something else, and not worth the time of every scan.
    public const int MaxIgnoreFileBytes = 4 * 1024 * 1024;

    private readonly Lock _gate = new();
    private ITreeScope? _scope;

    /// <summary>Reads ignore files as they stand in a tree.</summary>
    public static Func<WorkspacePath, byte[]?> From(WorkspaceTree tree) => path =>
    {
        try
        {
            return tree.TryReadAllBytes(path, MaxIgnoreFileBytes)?.Bytes;
        }
        catch (SavepointException e) when (e.Code is ErrorCode.PermissionDenied or ErrorCode.RefusedPath)
        {
            return null; // git, too, goes on without an ignore file that it may not read
        }
    };

    /// <summary>The rules of a directory in this one.</summary>
    public DirectoryRules Of(WorkspacePath subdirectory) => new(read, subdirectory, this, outer);

    /// <summary>Whether a rule leaves out an entry of the directory.</summary>
    public bool Ignore(ReadOnlySpan<byte> name, bool isDirectory) => outer is not null && Scope.IsIgnored(name, isDirectory);

    private ITreeScope Scope
    {
        get
        {
            lock (_gate)
            {
                return _scope ??= Enter();
            }
        }
    }

    // A directory that is itself ignored is in the scan for what the head records, or git tracks, of it: all else stays out.
    private ITreeScope Enter() =>
        parent is not null && parent.Ignore(directory.Name, isDirectory: true)
            ? AllIgnored.Instance
            : (parent?.Scope ?? outer!).Enter(directory, read(directory.Append(IgnoreFile.GitName)), read(directory.Append(IgnoreFile.SavepointName)));

    private sealed class AllIgnored : ITreeScope
    {
        public static AllIgnored Instance { get; } = new();

        public ITreeScope Enter(WorkspacePath directory, byte[]? gitIgnore, byte[]? savepointIgnore) => this;

        public bool IsIgnored(ReadOnlySpan<byte> name, bool isDirectory) => true;
    }
}
