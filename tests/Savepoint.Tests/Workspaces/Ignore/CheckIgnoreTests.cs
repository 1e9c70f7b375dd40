using System.Text;
using CsCheck;
using Savepoint.Model;
using Savepoint.Tests.Workspaces.Git;
using Savepoint.Workspaces.Ignore;
using Xunit;

namespace Savepoint.Tests.Workspaces.Ignore;

/// <summary>Generated rules against <c>git check-ignore</c>, which may differ in nothing.</summary>
public sealed class CheckIgnoreTests
{
    private static string[] Directories { get; } = ["a", "b", "ab", "A", "c.o", "x", "a/a", "a/b", "a/b/a", "b/ab", "ab/a/b", "A/B", "x/a/b/c.o"];

    private static Gen<RuleSet> GenRuleSet { get; } = Gen.Select(
        IgnoreGen.File,
        IgnoreGen.File,
        IgnoreGen.File,
        IgnoreGen.Path.Array[60],
        (root, a, ab, paths) => new RuleSet(root, a, ab, paths));

    /// <summary>How many batches of 50 rule sets; more by an environment variable.</summary>
    private static int BatchCount =>
        int.TryParse(Environment.GetEnvironmentVariable("SAVEPOINT_TEST_IGNORE_BATCHES"), out var count) ? count : 8;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Generated_rules_decide_as_git_check_ignore_does(bool ignoreCase)
    {
        using var git = NewRepository(50);
        GenRuleSet.Array[50].Sample(sets => Compare(git, sets, ignoreCase), iter: BatchCount, threads: 1);
    }

    [Fact]
    public void Each_byte_meets_each_class_as_in_git()
    {
        string[] classes = ["alnum", "alpha", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper", "xdigit"];
        var paths = Enumerable.Range(1, 255).Where(b => b is not ('/' or '.')).Select(b => new[] { (byte)b }).ToArray();
        RuleSet[] sets =
        [
            .. classes.Select(name => new RuleSet(IgnoreGen.Latin1($"[[:{name}:]]"), [], [], paths)),
            .. classes.Select(name => new RuleSet(IgnoreGen.Latin1($"[![:{name}:]]"), [], [], paths)),
            new RuleSet(IgnoreGen.Latin1("?"), [], [], paths),
            new RuleSet(IgnoreGen.Latin1("[\u0080-\u00FF]"), [], [], paths),
            new RuleSet(IgnoreGen.Latin1("[B-k]"), [], [], paths),
            new RuleSet(IgnoreGen.Latin1("[!B-K]"), [], [], paths),
        ];

        using var git = NewRepository(sets.Length);
        Compare(git, sets, ignoreCase: false);
        Compare(git, sets, ignoreCase: true);
    }

    /// <summary>Git takes a path for a directory only if it finds one there, so these exist, once for all rules.</summary>
    private static GitWitness NewRepository(int setCount)
    {
        var git = new GitWitness();
        for (var i = 0; i < setCount; i++)
        {
            foreach (var directory in Directories)
            {
                Directory.CreateDirectory(Path.Combine(git.Tree, $"set{i}", directory));
            }
        }

        return git;
    }

    private static void Compare(GitWitness git, RuleSet[] sets, bool ignoreCase)
    {
        for (var i = 0; i < sets.Length; i++)
        {
            git.Write($"set{i}/.gitignore", sets[i].Root);
            git.Write($"set{i}/a/.gitignore", sets[i].InA);
            git.Write($"set{i}/a/b/.gitignore", sets[i].InAb);
        }

        var queries = sets.SelectMany((set, i) => set.Queries(Directories).Select(query => (Set: i, query.Path, query.IsDirectory))).ToList();
        var input = queries.SelectMany(query => (byte[])[.. Encoding.ASCII.GetBytes($"set{query.Set}/"), .. query.Path, 0]).ToArray();
        var answers = GitWitness.SplitAtNul(
            git.Run(["-c", $"core.ignoreCase={(ignoreCase ? "true" : "false")}", "check-ignore", "--no-index", "--verbose", "--non-matching", "-z", "--stdin"], input, mayEndWithOne: true));

        Assert.Equal(queries.Count * 4, answers.Count);
        var scope = IgnoreScope.ForRoot(default, default, ignoreCase);
        for (var i = 0; i < queries.Count; i++)
        {
            var (number, path, isDirectory) = queries[i];
            var pattern = answers[(i * 4) + 2];
            var expected = pattern.Length > 0 && pattern[0] != '!';
            Assert.True(
                sets[number].IsIgnored(scope, path, isDirectory, number) == expected,
                $"{PathQuoting.Quote(path)} (directory: {isDirectory}, ignoreCase: {ignoreCase}): git says {expected} by {PathQuoting.Quote(pattern)} with {sets[number]}");
        }
    }

    /// <summary>Ignore files of three directories, and paths to ask for.</summary>
    private sealed record RuleSet(byte[] Root, byte[] InA, byte[] InAb, byte[][] Paths)
    {
        public IEnumerable<(byte[] Path, bool IsDirectory)> Queries(string[] directories)
        {
            var known = directories.ToHashSet();
            known.UnionWith(directories.SelectMany(directory => WorkspacePath.Parse(directory).Ancestors().Select(path => path.ToString())));
            return known.Select(directory => (Encoding.UTF8.GetBytes(directory), true))
                .Concat(Paths.Where(path => !known.Contains(Encoding.UTF8.GetString(path))).Select(path => (path, false)));
        }

        public bool IsIgnored(IgnoreScope scope, byte[] path, bool isDirectory, int number)
        {
            var set = WorkspacePath.Parse($"set{number}");
            Assert.True(WorkspacePath.TryFromBytes([.. set.Bytes, (byte)'/', .. path], out var full));
            return IgnoreRules.IsIgnored(scope, full, isDirectory, directory =>
                (directory == set ? Root
                    : directory == set.Append("a"u8) ? InA
                    : directory == set.Append("a"u8).Append("b"u8) ? InAb : default(ReadOnlyMemory<byte>), default));
        }

        public override string ToString() =>
            $"root {PathQuoting.Quote(Root)}, a {PathQuoting.Quote(InA)}, a/b {PathQuoting.Quote(InAb)}";
    }
}
