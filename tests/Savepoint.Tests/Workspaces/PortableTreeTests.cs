using Savepoint.Workspaces;
using Savepoint.Workspaces.Portable;

namespace Savepoint.Tests.Workspaces;

/// <summary>The back end for other systems, which must do on Linux too.</summary>
public sealed class PortableTreeTests : WorkspaceTreeTests
{
    public PortableTreeTests() => Tree = Open(Folder.Path);

    protected override bool HoldsAnyName => false;

    protected override bool KnowsInodes => false;

    protected override bool KnowsPipes => false;

    protected override bool ReachesLongestPaths => false;

    protected override bool IsSafeFromSwaps => false;

    private protected override WorkspaceTree Open(string root) => PortableTree.Open(root);
}
