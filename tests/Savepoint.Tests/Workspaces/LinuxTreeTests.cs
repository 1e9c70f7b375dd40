using Savepoint.Workspaces;
using Savepoint.Workspaces.Linux;

namespace Savepoint.Tests.Workspaces;

/// <summary>The Linux back end where openat2 works.</summary>
public sealed class LinuxTreeTests : WorkspaceTreeTests
{
    public LinuxTreeTests() => Tree = Open(Folder.Path);

    private protected override WorkspaceTree Open(string root) => LinuxTree.Open(root);
}

/// <summary>The Linux back end on systems without openat2, segment by segment.</summary>
public sealed class LinuxTreeWithoutOpenAt2Tests : WorkspaceTreeTests
{
    public LinuxTreeWithoutOpenAt2Tests() => Tree = Open(Folder.Path);

    private protected override WorkspaceTree Open(string root) => LinuxTree.Open(root, allowOpenAt2: false);
}
