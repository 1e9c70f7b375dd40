using Savepoint.Model;

namespace Savepoint.Workspaces.Ignore;

/// <summary>The ignore rules as a scan asks them: those of one directory, about its entries.</summary>
/// <param name="scope">The rules that hold for the directory's entries.</param>
/// <param name="directory">The directory; the root for the scope that a scan begins with.</param>
internal sealed class IgnoreTreeScope(IgnoreScope scope, WorkspacePath directory) : ITreeScope
{
    public ITreeScope Enter(WorkspacePath directory, byte[]? gitIgnore, byte[]? savepointIgnore) =>
        new IgnoreTreeScope(scope.Enter(directory, gitIgnore, savepointIgnore), directory);

    public bool IsIgnored(ReadOnlySpan<byte> name, bool isDirectory) => scope.IsIgnored(directory, name, isDirectory);
}
