using Savepoint.Workspaces.Portable;
using Savepoint.Workspaces.Watching;

namespace Savepoint.Tests.Workspaces.Watching;

/// <summary>The back end for other systems, which must do on Linux too.</summary>
public sealed class PortableTreeWatcherTests : TreeWatcherTests
{
    public PortableTreeWatcherTests() => Tree = PortableTree.Open(Folder.Path);

    private protected override TreeWatcher Start(Func<WatchRules> rules) => new PortableTreeWatcher(Tree, rules, Observer);
}
