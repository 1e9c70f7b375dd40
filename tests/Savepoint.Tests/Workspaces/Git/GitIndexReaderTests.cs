using CsCheck;
using Savepoint.Workspaces.Git;
using Xunit;

namespace Savepoint.Tests.Workspaces.Git;

public sealed class GitIndexReaderTests
{
    private static Gen<string[]> GenFiles { get; } =
        Gen.OneOf("a", "b", "dir", "long-name-of-a-file", "é", "x.c", "x.h", "a b").Array[1, 4].Select(names => string.Join('/', names) + ".f").Array[0, 40];

    [Theory]
    [InlineData("sha1", 2)]
    [InlineData("sha1", 3)]
    [InlineData("sha1", 4)]
    [InlineData("sha256", 2)]
    [InlineData("sha256", 4)]
    public void The_paths_are_those_that_git_lists(string format, int version) => GenFiles.Sample(
        files =>
        {
            using var git = new GitWitness("--object-format=" + format);
            Array.ForEach(files, file => git.Write(file, default));
            git.Run(["update-index", "--index-version", $"{version}"]);
            git.Run(["add", "--all"]);
            if (version >= 3 && files.Length > 0)
            {
                // An extended flag makes version 2 a version 3, and entries of two sizes.
                git.Run(["update-index", "--skip-worktree", files[0]]);
            }

            AssertAsGit(git, GitIndexStatus.Complete, format == "sha256");
        },
        iter: 6,
        threads: 1);

    [Fact]
    public void A_split_index_is_read_with_the_one_it_shares()
    {
        using var git = new GitWitness();
        for (var i = 0; i < 200; i++)
        {
            git.Write($"d{i % 7}/file{i}", [(byte)i]);
        }

        git.Run(["config", "splitIndex.maxPercentChange", "100"]);
        git.Run(["add", "--all"]);
        git.Run(["update-index", "--split-index"]);
        AssertAsGit(git, GitIndexStatus.Complete);

        // Five whole directories, so that the bitmap has words of ones, and every third file of what is left.
        git.Run(["rm", "--quiet", "--cached", .. Enumerable.Range(0, 200).Where(i => i % 3 == 0 || i % 7 is > 0 and < 6).Select(i => $"d{i % 7}/file{i}")]);
        git.Write("d0/file7", "changed"u8);
        git.Write("d0/added", "new"u8);
        git.Run(["add", "d0/file7", "d0/added"]);
        Assert.True(Directory.EnumerateFiles(git.GitFolder, "sharedindex.*").Any());
        AssertAsGit(git, GitIndexStatus.Complete);

        foreach (var shared in Directory.GetFiles(git.GitFolder, "sharedindex.*"))
        {
            File.Delete(shared);
        }

        Assert.Equal(GitIndexStatus.Damaged, Read(git).Status);
    }

    [Fact]
    public void A_sparse_index_says_that_it_leaves_directories_out()
    {
        using var git = new GitWitness();
        git.Write("in/file", default);
        git.Write("out/file", default);
        git.Run(["add", "--all"]);
        git.Run(["commit", "--quiet", "--message", "first"]);
        git.Run(["sparse-checkout", "set", "--cone", "--sparse-index", "in"]);

        var index = Read(git);

        Assert.Equal(GitIndexStatus.SparseDirectories, index.Status);
        Assert.Equal(["in/file"], index.Paths.Select(path => path.ToString()));
    }

    [Fact]
    public void A_path_in_conflict_is_listed_once()
    {
        using var git = new GitWitness();
        git.Write("file", "base"u8);
        git.Run(["add", "file"]);
        git.Run(["commit", "--quiet", "--message", "base"]);
        git.Run(["switch", "--quiet", "--create", "other"]);
        git.Write("file", "theirs"u8);
        git.Run(["commit", "--quiet", "--all", "--message", "theirs"]);
        git.Run(["switch", "--quiet", "main"]);
        git.Write("file", "ours"u8);
        git.Run(["commit", "--quiet", "--all", "--message", "ours"]);
        git.Run(["merge", "--quiet", "other"], mayEndWithOne: true);

        Assert.Equal(3, GitWitness.SplitAtNul(git.Run(["ls-files", "--unmerged", "-z"])).Count);
        Assert.Equal(["file"], Read(git).Paths.Select(path => path.ToString()));
    }

    [Fact]
    public void No_index_means_that_nothing_is_tracked()
    {
        using var git = new GitWitness();

        Assert.Equal(GitIndexStatus.Absent, Read(git).Status);
    }

    [Fact]
    public void An_unknown_mandatory_extension_or_version_is_said_to_be_unsupported()
    {
        using var git = new GitWitness();
        git.Write("file", default);
        git.Run(["add", "file"]);
        var path = Path.Combine(git.GitFolder, "index");
        var content = File.ReadAllBytes(path);

        File.WriteAllBytes(path, [.. content[..^20], .. "none"u8, 0, 0, 0, 0, .. content[^20..]]);
        Assert.Equal(GitIndexStatus.Unsupported, Read(git).Status);

        content[7] = 9;
        File.WriteAllBytes(path, content);
        Assert.Equal(GitIndexStatus.Unsupported, Read(git).Status);
    }

    /// <summary>Whatever a damaged index holds, reading it ends, and it ends with an answer.</summary>
    [Theory]
    [InlineData(2, false)]
    [InlineData(4, false)]
    [InlineData(2, true)]
    public void A_damaged_index_is_an_answer_not_a_failure(int version, bool isSplit)
    {
        using var git = new GitWitness();
        for (var i = 0; i < 12; i++)
        {
            git.Write($"dir/file{i}", [(byte)i]);
        }

        git.Run(["config", "splitIndex.maxPercentChange", "100"]);
        git.Run(["update-index", "--index-version", $"{version}"]);
        git.Run(["add", "--all"]);
        if (isSplit)
        {
            git.Run(["update-index", "--split-index"]);
            git.Run(["rm", "--quiet", "--cached", "dir/file3"]);
        }

        var path = Path.Combine(git.GitFolder, "index");
        var sound = File.ReadAllBytes(path);
        Gen.Select(Gen.Int[0, sound.Length], Gen.Select(Gen.Int[0, sound.Length - 1], Gen.Byte).Array[0, 4]).Sample(
            (length, changes) =>
            {
                var content = sound.ToArray();
                Array.ForEach(changes, change => content[change.Item1] = change.Item2);
                File.WriteAllBytes(path, length % 2 == 0 ? content[..length] : content);
                var index = Read(git);
                return index.Status is GitIndexStatus.Complete or GitIndexStatus.SparseDirectories || index is { Paths.Count: 0, Problem: not null };
            },
            iter: 1000,
            threads: 1);
    }

    private static void AssertAsGit(GitWitness git, GitIndexStatus status, bool usesSha256 = false)
    {
        var index = Read(git, usesSha256);
        var expected = GitWitness.SplitAtNul(git.Run(["ls-files", "-z"]));

        Assert.Null(index.Problem);
        Assert.Equal(expected.Count == 0 && index.Paths.Count == 0 ? index.Status : status, index.Status);
        Assert.Equal(expected, index.Paths.Select(path => path.Bytes.ToArray()));
    }

    private static GitIndex Read(GitWitness git, bool usesSha256 = false)
    {
        var repository = GitDirectory.At(git.Tree)!;
        Assert.Equal(usesSha256, GitConfigReader.Read(repository, [], homeDirectory: null).UsesSha256);
        return GitIndexReader.Read(repository, usesSha256);
    }
}
