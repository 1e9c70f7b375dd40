using System.Diagnostics;
using System.Text;
using Savepoint.Model;
using Savepoint.Workspaces.Ignore;
using Xunit;

namespace Savepoint.Tests.Workspaces.Ignore;

public sealed class IgnoreScopeTests
{
    [Fact]
    public void A_directory_without_patterns_keeps_its_parents_scope()
    {
        var root = IgnoreScope.ForRoot(default, default, ignoreCase: false);

        Assert.Same(root, root.Enter(WorkspacePath.Parse("a"), default, default));
        Assert.Same(root, root.Enter(WorkspacePath.Parse("a"), "# nothing\n\n"u8, " \n"u8));
    }

    [Fact]
    public void Nothing_below_an_ignored_directory_is_taken_in_again()
    {
        IgnoreRules.ReadFiles files = directory => directory.IsRoot ? ("build/\n!build/keep\n"u8.ToArray(), default)
            : directory.ToString() == "build" ? ("!keep\n"u8.ToArray(), default) : default;
        var root = IgnoreScope.ForRoot(default, default, ignoreCase: false);

        Assert.True(IgnoreRules.IsIgnored(root, WorkspacePath.Parse("build/keep"), isDirectory: false, files));
        Assert.False(IgnoreRules.IsIgnored(root, WorkspacePath.Parse("keep"), isDirectory: false, files));
        Assert.False(IgnoreRules.IsIgnored(root, WorkspacePath.Root, isDirectory: true, files));
    }

    [Fact]
    public void A_path_past_the_stack_buffer_is_matched_too()
    {
        var directory = WorkspacePath.Parse(string.Join('/', Enumerable.Repeat("directory", 200)));
        var scope = IgnoreScope.ForRoot("/directory/**/x.bin\n"u8, default, ignoreCase: true);

        Assert.True(scope.IsIgnored(directory, "X.bin"u8, isDirectory: false));
        Assert.False(scope.IsIgnored(directory, "y.bin"u8, isDirectory: false));
    }

    [Fact]
    public void Checks_of_79000_entries_allocate_nothing()
    {
        var (scope, directory, names) = LargeTree();
        var bytes = Measure();
        var watch = Stopwatch.StartNew();
        bytes += Measure();

        Assert.Equal(0, bytes);
        TestContext.Current.TestOutputHelper?.WriteLine($"79,000 checks: {watch.Elapsed.TotalMilliseconds:F1} ms");

        long Measure()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 79_000; i++)
            {
                scope.IsIgnored(directory, names[i % names.Length], isDirectory: i % 10 == 0);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    /// <summary>Three levels, 330 patterns of the kinds that real ignore files hold.</summary>
    private static (IgnoreScope Scope, WorkspacePath Directory, byte[][] Names) LargeTree()
    {
        var root = new StringBuilder();
        for (var i = 0; i < 60; i++)
        {
            root.Append($"*.ext{i}\nname{i}\n/fixed/path{i}\n[Bb]uild{i}/\nprefix{i}*\n");
        }

        var directory = WorkspacePath.Parse("drivers/net/ethernet");
        var scope = IgnoreScope.ForRoot("*~\n.DS_Store\n*.sw[op]\n"u8, default, ignoreCase: false)
            .Enter(WorkspacePath.Root, Encoding.ASCII.GetBytes(root.ToString()), default)
            .Enter(WorkspacePath.Parse("drivers"), "/gen/*.c\n**/tmp/**\n!keep.*\n"u8, default)
            .Enter(directory, "*.mod.c\n*.cmd\n.*\n!.gitignore\n"u8, default);
        var names = Enumerable.Range(0, 1000).Select(i => Encoding.ASCII.GetBytes($"some_source_file_{i}.{(i % 2 == 0 ? "c" : "h")}")).ToArray();
        return (scope, directory, names);
    }
}
