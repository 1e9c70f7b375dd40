using Savepoint.Model;
using Savepoint.Workspaces.Git;
using Savepoint.Workspaces.Ignore;
using Savepoint.Workspaces.Scanning;

namespace Savepoint.Workspaces;

/// <summary>
/// All that git's own files have to tell a scan of a workspace: the rules that the root's own are added to, and what no rule
/// keeps out. Each file is read when it is first asked for, which a scan that finds nothing new never does. Thread-safe.
/// </summary>
internal sealed class WorkspaceRules : ITreeScope
{
    private readonly string _root;
    private readonly GitUserSettings _user;
    private readonly Lazy<(GitDirectory? Git, GitConfig Config)> _repository;
    private readonly Lazy<IgnoreTreeScope> _scope;

    /// <param name="root">The workspace's root.</param>
    /// <param name="user">Where the user's own settings are.</param>
    public WorkspaceRules(string root, GitUserSettings user)
    {
        (_root, _user) = (root, user);
        _repository = new(() => Reading(() =>
        {
            var git = GitDirectory.AtOrAbove(root);
            return (git, git is null ? GitConfigReader.Read(user.ConfigFiles, user.HomeDirectory) : GitConfigReader.Read(git, user.ConfigFiles, user.HomeDirectory));
        }));
        _scope = new(() => Reading(() => new IgnoreTreeScope(GitIgnoreSources.Load(_root, _repository.Value.Git, _repository.Value.Config, _user), WorkspacePath.Root)));
        Tracked = new(() => new TrackedPaths(ReadTracked()));
    }

    /// <summary>The paths that git's index lists, which no rule keeps out; none if the workspace is not git's work tree itself.</summary>
    public Lazy<TrackedPaths> Tracked { get; }

    /// <inheritdoc/>
    /// <exception cref="SavepointException">A file is there and cannot be read: to go on without its rules would record what it keeps out.</exception>
    public ITreeScope Enter(WorkspacePath directory, byte[]? gitIgnore, byte[]? savepointIgnore) => _scope.Value.Enter(directory, gitIgnore, savepointIgnore);

    /// <inheritdoc/>
    public bool IsIgnored(ReadOnlySpan<byte> name, bool isDirectory) => _scope.Value.IsIgnored(name, isDirectory);

    /// <summary>As <see cref="Tracked"/>, each path once, in byte order.</summary>
    /// <exception cref="SavepointException">Git's index is there and cannot be read.</exception>
    public IReadOnlyList<WorkspacePath> ReadTracked() => Reading(() =>
        _repository.Value is ({ } git, var config) && git.WorkTree == _root ? GitIndexReader.Read(git, config.UsesSha256).Paths : []);

    private T Reading<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SavepointException(ErrorCode.PermissionDenied, $"The ignore rules of {_root} cannot be read: {e.Message}", "Make the file readable: without its rules, what it keeps out would be recorded.", e);
        }
    }
}
