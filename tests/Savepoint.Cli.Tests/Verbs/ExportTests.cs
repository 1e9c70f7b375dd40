namespace Savepoint.Cli.Tests.Verbs;

/// <summary>What is exported, read by git and tar, against copies of the tree that cp made when each state was captured.</summary>
public sealed class ExportTests : IClassFixture<ExportTests.CopiedHistory>
{
    private const int Last = 7;

    /// <summary>A line for each file and link: its path, whether it may be executed, and its bytes' sum or its target.</summary>
    private const string GitManifest = """
        manifest() { (cd "$1" && find . -type f -printf '%P %m\n' | sed -E 's/ [0-7]*[1357][0-7]{2}$/ x/; s/ [0-7]+$/ -/' | sort && find . -type l -printf '%P %l\n' | sort && find . -type f -print0 | sort -z | xargs -0 -r sha256sum); }
        """;

    private readonly CliWorkspace _workspace;

    public ExportTests(CopiedHistory history) => _workspace = history.Workspace;

    [Fact]
    public void Git_checks_out_what_stood_at_each_number()
    {
        _workspace.Shell($$"""
            {{GitManifest}}
            set -e
            savepoint export --git ../exported.git --quiet
            git -C ../exported.git fsck --strict --no-dangling
            test "$(git -C ../exported.git rev-list --count savepoint/main)" = {{Last}}
            for commit in $(git -C ../exported.git rev-list savepoint/main); do
                number=$(git -C ../exported.git log -1 --format='%(trailers:key=Savepoint-Snapshot,valueonly)' $commit)
                rm -rf ../checked && mkdir ../checked
                git -C ../exported.git archive $commit | tar xp -C ../checked
                diff <(manifest ../checked) <(manifest ../copies/$number)
            done
            """).Expect(0);
    }

    [Fact]
    public void Git_log_shows_who_when_and_what()
    {
        _workspace.Run("export", "--git", "../log.git").Expect(0);

        var second = _workspace.Shell("git -C ../log.git log -1 --format='%an|%ae|%s|%(trailers:key=Savepoint-Turn,valueonly)|%at' HEAD~5").Expect(0).Output.Split('|');

        Assert.Equal(["Robot One", "Robot-One@savepoint.invalid", "Second: more of it"], second[..3]);
        Assert.Equal("t2", second[3].Trim());
        Assert.Equal(_workspace.Json("show", "2").GetProperty("time").GetDateTimeOffset().ToUnixTimeSeconds(), long.Parse(second[4], System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void An_edit_without_a_message_is_known_by_its_paths()
    {
        using var workspace = new CliWorkspace();
        workspace.Shell("savepoint init -q; mkdir src; echo a > src/a; savepoint capture -q src/a; for i in 1 2 3 4; do echo $i > $i; done; savepoint capture -q; savepoint undo -q; savepoint export --git ../paths.git").Expect(0);

        var subjects = workspace.Shell("git -C ../paths.git log --format=%s").Expect(0).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(["Undo 4", "Operation 3: 1, 2 and 2 more"], subjects[..2]);
        Assert.Contains("src/a", subjects[2], StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_export_adds_what_is_new_and_a_third_nothing()
    {
        using var workspace = new CliWorkspace();
        workspace.Write("a", "1\n");
        workspace.Run("init").Expect(0);
        Assert.Equal(1, Added(workspace));
        workspace.Write("a", "2\n");
        workspace.Capture();
        workspace.Write("b", "3\n");
        workspace.Capture();
        Assert.Equal(2, Added(workspace));
        Assert.Equal(0, Added(workspace));

        workspace.Shell("test \"$(git -C ../repo log --format=%s savepoint/main -- b | wc -l)\" = 1 && git -C ../repo fsck --strict").Expect(0);
    }

    [Fact]
    public void An_existing_repository_keeps_its_head_index_files_and_branches()
    {
        const string State = "cd ../theirs && git rev-parse HEAD && git symbolic-ref HEAD && git status --porcelain && git for-each-ref | grep -v refs/heads/savepoint/ && sha256sum .git/index && find . -path ./.git -prune -o -type f -print0 | xargs -0 sha256sum";
        _workspace.Shell("""
            set -e; git init -q ../theirs; cd ../theirs; echo theirs > file; git add file
            git -c user.name=u -c user.email=u@x commit -qm theirs; git branch other; echo staged > staged; git add staged; echo loose > loose
            """).Expect(0);
        var before = _workspace.Shell(State).Expect(0).Output;

        _workspace.Run("export", "--git", "../theirs").Expect(0);

        Assert.Equal(before, _workspace.Shell(State).Expect(0).Output);
        _workspace.Shell("git -C ../theirs rev-parse savepoint/main^0").Expect(0);
    }

    [Fact]
    public void A_ref_of_others_and_a_directory_that_is_no_repository_are_refused()
    {
        _workspace.Shell("""
            set -e; git init -q ../taken; cd ../taken; echo x > x; git add x; git -c user.name=u -c user.email=u@x commit -qm mine; git branch savepoint/main
            mkdir ../plain; echo x > ../plain/x
            """).Expect(0);

        Assert.Contains("holds something else", _workspace.Run("export", "--git", "../taken").Expect(1).Error, StringComparison.Ordinal);
        Assert.Contains("no git repository", _workspace.Run("export", "--git", "../plain").Expect(1).Error, StringComparison.Ordinal);
        _workspace.Shell("test \"$(git -C ../taken log --format=%s savepoint/main)\" = mine && test ! -e ../plain/.git").Expect(0);
    }

    [Fact]
    public void Without_git_the_failure_says_so()
    {
        var result = _workspace.Shell("PATH=$(dirname $(command -v savepoint)); savepoint export --git ../never");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("needs git", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Git_am_makes_each_state_of_the_mailbox()
    {
        _workspace.Shell($$"""
            {{GitManifest}}
            set -e
            savepoint export --patch 1..@ > ../box
            git init -q ../am; cp -a ../copies/1/. ../am; cd ../am
            git config user.name a; git config user.email a@x; git add -A; git commit -qm first
            git am -q --keep-cr ../box
            for commit in $(git rev-list HEAD~$(grep -c '^Subject: ' ../box)..HEAD); do
                number=$(git log -1 --format='%(trailers:key=Savepoint-Snapshot,valueonly)' $commit)
                rm -rf ../checked-am && mkdir ../checked-am
                git archive $commit | tar xp -C ../checked-am
                diff <(manifest ../checked-am) <(manifest ../copies/$number)
            done
            """).Expect(0);
    }

    [Fact]
    public void Git_apply_takes_the_whole_mailbox_at_once_and_the_way_back()
    {
        _workspace.Shell($$"""
            {{GitManifest}}
            set -e
            cp -a ../copies/4 ../applied; cd ../applied; git init -q .
            (cd ../work && savepoint export --patch 4..{{Last}}) | git apply --whitespace=nowarn -
            mv .git ../applied.git; diff <(manifest .) <(manifest ../copies/{{Last}}); mv ../applied.git .git
            (cd ../work && savepoint export --patch {{Last}}..4) | git apply --whitespace=nowarn -
            rm -rf .git; diff <(manifest .) <(manifest ../copies/4)
            """).Expect(0);
    }

    [Fact]
    public void A_tar_goes_into_a_pipe_or_a_device_and_does_not_replace_it()
    {
        var expected = _workspace.Shell("savepoint export --archive ../plain.tar > ../said; tar tf ../plain.tar").Expect(0).Output;

        Assert.NotEmpty(expected);
        Assert.Equal(expected, _workspace.Shell("mkfifo ../pipe && (tar tf ../pipe & savepoint export --archive ../pipe > ../said; wait); test -p ../pipe").Expect(0).Output);
        Assert.Equal(expected, _workspace.Shell("savepoint export --archive /dev/stderr 2>&1 >/dev/null | tar tf -").Expect(0).Output);
    }

    [Fact]
    public void Tar_makes_exactly_the_state_of_each_number()
    {
        _workspace.Shell($$"""
            manifest() { (cd "$1" && find . -mindepth 1 -printf '%P %m %y %l\n' | sort && find . -type f -print0 | sort -z | xargs -0 -r sha256sum); }
            set -e
            for number in $(seq {{Last}}); do
                rm -rf ../tarred && mkdir ../tarred
                savepoint export --archive - $number | tar xp -C ../tarred
                diff <(manifest ../tarred) <(manifest ../copies/$number)
            done
            savepoint export --archive ../whole.tar --quiet && savepoint export --archive - | cmp - ../whole.tar
            """).Expect(0);
    }

    [Fact]
    public void An_archive_that_cannot_be_written_leaves_what_was_there()
    {
        _workspace.Run("export", "--archive", "../no/such/dir.tar").Expect(1);
        _workspace.Run("export").Expect(2);
        _workspace.Run("export", "--archive", "../x.tar", "--git", "../x").Expect(2);
        _workspace.Run("export", "--patch", "1").Expect(2);
    }

    [Fact]
    public void Answers_are_as_documented()
    {
        JsonSchema.Check("export", _workspace.Json("export", "--git", "../json.git"));
        JsonSchema.Check("export", _workspace.Json("export", "--patch", "1..3"));
        JsonSchema.Check("export", _workspace.Json("export", "--archive", "../json.tar", "2"));
    }

    private static int Added(CliWorkspace workspace) => workspace.Json("export", "--git", "../repo").GetProperty("branches")[0].GetProperty("added").GetInt32();

    /// <summary>Seven states with every kind of change, each copied when it was captured.</summary>
    public sealed class CopiedHistory : IDisposable
    {
        public CliWorkspace Workspace { get; } = new();

        public CopiedHistory() => Workspace.Shell("""
            set -e
            capture() { savepoint capture -q "$@"; mkdir -p ../copies; cp -a . ../copies/$(ls ../copies | wc -l | xargs expr 1 +); }
            odd=$(printf 'caf\351 "\\\t\n.txt'); long=$(printf 'x%.0s' $(seq 120))
            mkdir -p src/deep empty "$long"; printf 'a\nb\nc\n' > src/a.txt; printf 'line\r\nother\r\n' > crlf.txt; printf 'no end' > src/deep/no-end
            printf 'x' > "$odd"; echo long > "$long/$long"; ln -s "$long/$long" "long-link"; head -c 20000 /dev/zero | tr '\0' '\377' > binary; : > nothing
            savepoint init -q; mkdir ../copies; cp -a . ../copies/1
            printf 'a\nB\nc\n' > src/a.txt; printf 'line\r\nchanged\r\n' > crlf.txt; echo y >> "$odd"; chmod 640 nothing
            capture -m 'Second: more of it' --agent 'Robot <One>' --session s1 --turn t2
            chmod +x src/a.txt; mv src/deep/no-end moved; rm -rf src/deep; echo 'a file where a directory was' > src/deep; rmdir empty; chmod 750 src
            capture -m '--- not a diff
            diff --git a/x b/x
            From me to you'
            rm src/deep; mkdir -p src/deep/er; echo z > src/deep/er/z; ln -sfn src/a.txt long-link; printf '\0\1\2' | dd of=binary conv=notrunc bs=1 seek=100 2>/dev/null
            capture --agent 'é'
            rm moved; ln -s nowhere moved; mv src/a.txt src/b.txt; printf 'a new one\n' > src/a.txt
            capture
            rm "$odd" nothing; mv src/b.txt src/a.txt; mkdir -p new/empty; chmod 1777 new/empty
            capture
            savepoint undo -q; mkdir ../copies/7; cp -a . ../copies/7/
            """).Expect(0);

        public void Dispose() => Workspace.Dispose();
    }
}
