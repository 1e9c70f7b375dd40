using Savepoint.Model;

namespace Savepoint.Workspaces.Watching;

/// <summary>Is told what happens in a tree. Called from the watcher's own threads, and must not keep them.</summary>
internal interface ITreeObserver
{
    /// <summary>Something happened to an entry: it came, went, moved, or was written. That is a hint to look, and may come twice.</summary>
    void Changed(WorkspacePath path);

    /// <summary>More happened than was reported: only a scan of everything can tell what.</summary>
    void Missed();
}
