using System.Text;
using Savepoint.Model;
using Savepoint.Tests.Fidelity;
using Savepoint.Tests.Workspaces.Git;
using Savepoint.Workspaces.Git;
using Savepoint.Workspaces.Ignore;
using Xunit;

namespace Savepoint.Tests.Workspaces.Ignore;

/// <summary>
/// Whole trees with the rules that people write: every path is asked of <c>git check-ignore</c>, and a baseline holds exactly
/// what <c>git ls-files</c> lists. SAVEPOINT_TEST_TREE names a tree to take instead of the one made here.
/// </summary>
public sealed class RealRulesTests : IDisposable
{
    /// <summary>What the rules of a kernel, a script package, a .NET solution and an awkward person keep out, and what not.</summary>
    private const string Tree = """
        export HOME="$1" GIT_CONFIG_NOSYSTEM=1
        git init -q .
        git config --global core.excludesFile '~/excludes' && printf '*~\n.DS_Store\n/only-at-root\n' > "$HOME/excludes"
        printf '*.private\n/local/\n' > .git/info/exclude
        printf '.*\n*.a\n*.ko\n*.mod\n*.mod.c\n*.o\n*.o.*\n!.gitattributes\n!.gitignore\n!.mailmap\n/vmlinux\n/vmlinux.32\n/include/config/\n/include/generated/\n/arch/*/include/generated/\nmodules.order\n/tags\n*.orig\n*~\n\\#*#\n' > .gitignore
        printf 'node_modules/\n*.log\n!keep.log\ndist\n/coverage/\n*.tsbuildinfo\n.env\n.env.*\n!.env.example\n' > npm.rules
        printf '[Bb]in/\n[Oo]bj/\n*.user\n**/packages/*\n!**/packages/build/\n*.[Rr]e[Ss]harper\n[Dd]ebug/\n' > net.rules
        printf '\357\273\277first\r\nsecond\r\n!third\r\n' > crlf.rules
        printf '\\#hash\n\\!bang\ntrailing\\ \nblank   \ntab\t\n a\n[a-c]?\n[!x]yz\n[[:digit:]]*\n**/deep\ndeep/**\na/**/z\n/**/anchored\nfoo**bar\n' > odd.rules
        for module in kernel drivers/net drivers/usb/core arch/x86 fs/ext4 include/linux; do
            mkdir -p $module/.tmp_versions
            for n in 1 2 3 4 5 6 7 8 9 10; do for e in c h o ko mod mod.c o.cmd orig S dtb; do : > $module/file$n.$e; done; done
            : > $module/modules.order ; : > $module/.file.o.cmd ; : > $module/Makefile ; : > "$module/x~"
        done
        mkdir -p include/config include/generated/uapi arch/x86/include/generated tools/include/generated local
        for f in include/config/auto.conf include/generated/autoconf.h include/generated/uapi/v.h arch/x86/include/generated/a.h tools/include/generated/b.h vmlinux vmlinux.32 kernel/vmlinux tags fs/tags local/x a.private only-at-root fs/only-at-root '#x#' .mailmap .config .gitattributes; do : > "$f"; done
        mkdir -p web/src web/dist web/node_modules/.bin web/node_modules/left/dist web/coverage web/src/coverage web/packages/one web/packages/build && mv npm.rules web/.gitignore
        for f in src/a.ts src/a.tsbuildinfo dist/a.js dist/keep.log src/dist keep.log other.log .env .env.local .env.example node_modules/left/index.js node_modules/.bin/left coverage/x src/coverage/x; do : > web/$f; done
        mkdir -p net/Bin net/bin net/src/obj net/src/Obj net/packages/a net/packages/build net/deep/packages/build net/Debug net/debug && mv net.rules net/.gitignore
        for f in Bin/a bin/a src/obj/a src/Obj/a packages/a/f packages/build/f packages/x deep/packages/build/f deep/packages/y a.user A.ReSharper a.resharper Debug/a debug/a; do : > net/$f; done
        mkdir crlf && mv crlf.rules crlf/.gitignore && for f in first second third 'first ' "$(printf 'second\r')"; do : > "crlf/$f"; done
        mkdir -p odd/deep/deep odd/a/b/c odd/x/anchored odd/foo/bar odd/deep2 && mv odd.rules odd/.gitignore
        for f in '#hash' '!bang' 'trailing ' trailing blank 'blank   ' tab "$(printf 'tab\t')" a ' a' ax bx dx ayz xyz 1one one1 deep/file deep/deep/file a/z a/b/z a/b/c/z x/anchored/f anchored foobar fooXbar foo/bar/f "$(printf 'caf\351')" "$(printf '\360\237\246\204')" "$(printf 'new\nline')" 'quo"te'; do [ -d "odd/$f" ] || : > "odd/$f"; done
        mkdir linked && printf 'x\n' > rules && ln -s ../rules linked/.gitignore && : > linked/x && : > linked/y
        mkdir -p negated/out/keep && printf 'out/\n!out/keep/\n!out/keep/file\n' > negated/.gitignore && : > negated/out/keep/file && : > negated/out/x
        mkdir many && i=0 && while [ $i -lt 3000 ]; do echo "name$i.x" ; echo "/dir$i/*.y" ; i=$((i + 1)); done > many/.gitignore && : > many/name2999.x && : > many/name3000.x && mkdir many/dir7 many/dir9999 && : > many/dir7/a.y && : > many/dir9999/a.y
        git add -f kernel/file1.o web/.env crlf/first && git add kernel/Makefile fs/ext4/Makefile
        """;

    private readonly TemporaryFolder _folder = new();

    private string Root => Directory.CreateDirectory(_folder["work"]).FullName;

    private string Home => Directory.CreateDirectory(_folder["home"]).FullName;

    private static string? OtherTree => Environment.GetEnvironmentVariable("SAVEPOINT_TEST_TREE");

    [Fact]
    public void Each_path_of_a_tree_is_ignored_exactly_where_git_check_ignore_says_so()
    {
        var root = MakeTree();
        var paths = GitWitness.SplitAtNul(Encoding.Latin1.GetBytes(Git(root, "find . -mindepth 1 -name .git -prune -o -printf '%y%P\\0'")));
        File.WriteAllBytes(_folder["paths"], [.. paths.SelectMany(path => (byte[])[.. path[1..], 0])]);
        var answers = GitWitness.SplitAtNul(Encoding.Latin1.GetBytes(Git(root, $"git check-ignore --no-index --verbose --non-matching -z --stdin < {_folder["paths"]} || [ $? = 1 ]")));

        // The user's and the repository's own rules are read as a scan reads them.
        var user = new GitUserSettings { HomeDirectory = Home, ConfigFiles = [Path.Combine(Home, ".gitconfig")] };
        var repository = GitDirectory.AtOrAbove(root)!;
        var scope = GitIgnoreSources.Load(root, repository, GitConfigReader.Read(repository, user.ConfigFiles, user.HomeDirectory), user);
        var wrong = new List<string>();
        for (var i = 0; i < paths.Count; i++)
        {
            Assert.True(WorkspacePath.TryFromBytes(paths[i].AsSpan(1), out var path));
            var pattern = answers[(i * 4) + 2];
            var expected = pattern.Length > 0 && pattern[0] != '!';
            if (IgnoreRules.IsIgnored(scope, path, paths[i][0] == 'd', directory => (RulesIn(root, directory), default)) != expected)
            {
                wrong.Add($"{path}: git says {(expected ? "ignored" : "not ignored")}, by {PathQuoting.Quote(pattern)}");
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{paths.Count} paths compared");
        Assert.Empty(wrong);
        Assert.True(paths.Count > 700);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_baseline_holds_the_files_that_git_lists(bool ignoreCase)
    {
        var root = MakeTree();
        Git(root, $"git config core.ignoreCase {(ignoreCase ? "true" : "false")}");

        Assert.Equal(Listed(root), await RecordedAsync(root));
    }

    [Fact]
    public async Task In_a_linked_work_tree_the_common_repositorys_excludes_hold()
    {
        var root = MakeOwnTree();
        Git(root, "git -c user.name=t -c user.email=t@example.org commit -qm first && git worktree add -q ../linked && cp -r web net odd ../linked/ && : > ../linked/a.private");
        var linked = Path.Combine(Path.GetDirectoryName(root)!, "linked");

        var listed = Listed(linked);

        Assert.DoesNotContain("a.private", listed);
        Assert.Equal(listed, await RecordedAsync(linked));
    }

    public void Dispose() => _folder.Dispose();

    private string MakeOwnTree()
    {
        Shell.Run(Root, Tree, Home);
        return Root;
    }

    private string MakeTree()
    {
        if (OtherTree is not { } other)
        {
            return MakeOwnTree();
        }

        // Its own repository, if it has one, is not for us: a new one beside it lists all that no rule keeps out.
        Shell.Run(Root, "cp -al \"$1\"/. . && rm -rf .git && HOME=\"$2\" git init -q .", other, Home);
        return Root;
    }

    private string Git(string root, string script) => Shell.Run(root, $"export HOME='{Home}' GIT_CONFIG_NOSYSTEM=1\n{script}");

    private List<string> Listed(string root) =>
        [.. Git(root, "git ls-files -co --exclude-standard -z").Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(path => !path.EndsWith('/')).Distinct().Order(StringComparer.Ordinal)];

    private async Task<List<string>> RecordedAsync(string root)
    {
        var options = new SnapshotOptions { StoreHome = _folder["stores"], HomeDirectory = Home, ScanDeadline = Timeout.InfiniteTimeSpan };
        await using var manager = (await SnapshotManager.InitAsync(root, options)).Manager;
        var files = manager.TreeAt(new SnapshotNumber(1)).Where(entry => entry.Value is FileState.Regular or FileState.Symlink);
        return [.. files.Select(entry => Encoding.Latin1.GetString(entry.Key.Bytes)).Order(StringComparer.Ordinal)];
    }

    private static byte[] RulesIn(string root, WorkspacePath directory)
    {
        var file = new FileInfo(Path.Combine(root, directory.ToString(), ".gitignore"));
        return file is { Exists: true, LinkTarget: null } ? File.ReadAllBytes(file.FullName) : [];
    }
}
