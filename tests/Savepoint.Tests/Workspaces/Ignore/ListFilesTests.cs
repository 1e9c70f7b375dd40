using System.Text;
using CsCheck;
using Savepoint.Model;
using Savepoint.Tests.Workspaces.Git;
using Savepoint.Workspaces.Ignore;
using Xunit;

namespace Savepoint.Tests.Workspaces.Ignore;

/// <summary>Whole walks against <c>git ls-files --others</c>: all sources of rules together, ignored directories not entered.</summary>
public sealed class ListFilesTests
{
    private static Gen<Case> GenCase { get; } = Gen.Select(
        IgnoreGen.File,
        IgnoreGen.File,
        Gen.Select(IgnoreGen.File, IgnoreGen.PlainName.Array[0, 2]).Array[0, 5],
        IgnoreGen.PlainName.Array[1, 4].Array[80],
        (global, info, ignoreFiles, files) => new Case(global, info, ignoreFiles, files));

    [Fact]
    public void A_walk_finds_the_files_that_git_lists() => GenCase.Sample(Compare, iter: 30, threads: 1);

    [Fact]
    public void A_savepointignore_counts_as_later_lines_of_the_gitignore_beside_it()
    {
        using var git = new GitWitness();
        git.Write("kept.log", default);
        git.Write("other.log", default);
        git.Write("deep/inner.log", default);
        git.Write("deep/a.tmp", default);
        git.Write(".gitignore", "*.log\n"u8);
        git.Write(".savepointignore", "!kept.log\n*.tmp\n"u8);
        git.Write("deep/.gitignore", "!*.tmp\n"u8);

        Assert.Equal(
            [".gitignore", ".savepointignore", "deep/.gitignore", "deep/a.tmp", "kept.log"],
            TreeWalk.Files(git.Tree, IgnoreScope.ForRoot(default, default, ignoreCase: false)));
    }

    [Fact]
    public void A_workspace_below_the_work_trees_root_obeys_the_rules_above_it()
    {
        using var git = new GitWitness();
        git.Write(".gitignore", "/apps/web/out/\n*.log\n/out/\n"u8);
        git.Write("apps/.gitignore", "web/gen.*\n!important.log\n"u8);
        git.Write(".git/info/exclude", "apps/web/local\n"u8);
        string[] names = ["out/x", "inner/out/x", "a.log", "important.log", "gen.c", "inner/gen.c", "local", "inner/local", "main.c"];
        Array.ForEach(names, name => git.Write("apps/web/" + name, default));

        var scope = IgnoreScope.ForRoot(default, "apps/web/local\n"u8, ignoreCase: false, WorkspacePath.Parse("apps/web"))
            .EnterAbove(WorkspacePath.Root, File.ReadAllBytes(Path.Combine(git.Tree, ".gitignore")))
            .EnterAbove(WorkspacePath.Parse("apps"), File.ReadAllBytes(Path.Combine(git.Tree, "apps/.gitignore")));

        Assert.Equal(ListOthers(git, "apps/web/"), TreeWalk.Files(Path.Combine(git.Tree, "apps/web"), scope).Select(file => "apps/web/" + file));
    }

    /// <summary>This repository's own tree, or the one that an environment variable names.</summary>
    [Fact]
    public void A_real_tree_is_walked_as_git_lists_it()
    {
        var tree = Environment.GetEnvironmentVariable("SAVEPOINT_TEST_TREE") ?? OwnTree();
        using var git = new GitWitness();

        var expected = ListOthers(git, "", "--git-dir", git.GitFolder, "--work-tree", tree);

        // Git lists a nested repository as one directory, and does not look into it.
        var nested = expected.Where(path => path.EndsWith('/')).ToArray();
        var found = TreeWalk.Files(tree, IgnoreScope.ForRoot(default, default, ignoreCase: false))
            .Where(path => !nested.Any(repository => path.StartsWith(repository, StringComparison.Ordinal)));
        Assert.NotEmpty(expected);
        Assert.Equal(expected.Except(nested), found);
    }

    private static void Compare(Case rules)
    {
        using var git = new GitWitness();
        foreach (var file in rules.Files)
        {
            TryWrite(git, string.Join('/', file), []);
        }

        foreach (var (content, directory) in rules.IgnoreFiles)
        {
            TryWrite(git, string.Join('/', [.. directory, ".gitignore"]), content);
        }

        File.WriteAllBytes(Path.Combine(git.Home, "excludes"), rules.Global);
        git.Write(".git/info/exclude", rules.Info);

        Assert.Equal(
            ListOthers(git, "", "-c", "core.excludesFile=" + Path.Combine(git.Home, "excludes")),
            TreeWalk.Files(git.Tree, IgnoreScope.ForRoot(rules.Global, rules.Info, ignoreCase: false)));
    }

    /// <summary>A generated path may lead through a file that came before it, or name a directory: then it is left out.</summary>
    private static void TryWrite(GitWitness git, string path, byte[] content)
    {
        try
        {
            git.Write(path, content);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
    }

    private static List<string> ListOthers(GitWitness git, string below, params string[] options)
    {
        var output = git.Run([.. options, "ls-files", "--others", "--exclude-standard", "-z", "--full-name", .. below.Length == 0 ? Array.Empty<string>() : ["--", below]]);
        var files = GitWitness.SplitAtNul(output).ConvertAll(Encoding.UTF8.GetString);
        files.Sort(StringComparer.Ordinal);
        return files;
    }

    private static string OwnTree()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Savepoint.slnx")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }

    private sealed record Case(byte[] Global, byte[] Info, (byte[] Content, string[] Directory)[] IgnoreFiles, string[][] Files)
    {
        public override string ToString() =>
            $"global {PathQuoting.Quote(Global)}, info {PathQuoting.Quote(Info)}, "
            + string.Join(", ", IgnoreFiles.Select(file => $"{string.Join('/', file.Directory)} {PathQuoting.Quote(file.Content)}"));
    }
}
