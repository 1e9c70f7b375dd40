using System.Text.Json;
using Savepoint.Tests.Fidelity;
using Savepoint.Tests.Workspaces;
using Xunit;

namespace Savepoint.Tests.Processes;

/// <summary>
/// What a shell does to a workspace, nobody announcing it, is recorded by a plain capture and taken back by a rollback.
/// The witnesses are find and sha256sum.
/// </summary>
public sealed class ShellCommandTests : IDisposable
{
    private const string Project = """
        git init -q .
        printf '*.log\nbuild/\n' > .gitignore
        mkdir -p src/deep docs tools
        printf 'int main(void) { return 0; }\n' > src/main.c
        printf 'one\r\ntwo\r\n' > src/deep/crlf.txt
        printf '\357\273\277bom\n' > docs/bom.md
        printf '#!/bin/sh\necho ok\n' > tools/run && chmod 0755 tools/run
        ln -s ../src docs/link
        printf '{ "name": "app", "version": "1.0.0" }\n' > package.json
        printf 'all: ; @mkdir -p out && echo object > out/main.o && echo broken >&2 && false\n' > Makefile
        git add . && git -c user.name=t -c user.email=t@example.org commit -qm first
        printf 'second\n' >> src/main.c
        git checkout -q -b other && printf 'other\n' > src/other.c && rm docs/bom.md && git add -A
        git -c user.name=t -c user.email=t@example.org commit -qm other
        printf 'not committed\n' >> src/other.c
        mkdir -p build && printf kept > build/named
        """;

    private static readonly Dictionary<string, string> Commands = new()
    {
        ["create"] = "mkdir -p new/empty && printf x > new/file && printf y > 'with space'",
        ["change"] = "printf more >> src/main.c && printf less > docs/bom.md",
        ["move"] = "mv src sources && mv tools/run tools/started",
        ["delete"] = "rm -r src/deep && rm package.json",
        ["chmod"] = "chmod 0600 tools/run && chmod 0700 src && chmod +x package.json",
        ["symlink"] = "ln -sfn nowhere docs/link && ln -s ../outside link && rm package.json && ln -s src/main.c package.json",
        ["git checkout"] = "git -c user.name=t -c user.email=t@example.org commit -qam more && git checkout -q -f master 2>/dev/null || git checkout -q -f main",
        ["git stash"] = "git -c user.name=t -c user.email=t@example.org stash -q -u",
        ["npm install"] = """
            mkdir -p ../package && printf '{ "name": "package", "version": "1.0.0", "bin": "run" }' > ../package/package.json && printf '#!/usr/bin/env node\n' > ../package/run
            if command -v npm >/dev/null; then npm install --offline --no-audit --no-fund --install-links ../package >/dev/null 2>&1
            else mkdir -p node_modules/.bin && cp -r ../package node_modules/ && ln -s ../package/run node_modules/.bin/package && printf '{}' > package-lock.json; fi
            """,
        ["a failing build"] = "make 2>/dev/null || sh -c 'mkdir -p out; echo object > out/main.o; echo broken > core; exit 1' || true",
        ["sed -i"] = "sed -i 's/return 0/return 1/' src/main.c && sed -i 's/one/three/' src/deep/crlf.txt",
        ["tar x"] = "tar cf ../archive.tar src docs && rm -r src && tar xf ../archive.tar && mkdir unpacked && tar xf ../archive.tar -C unpacked",
        ["rm -rf *"] = "rm -rf *",
        ["rm -rf of everything"] = "find . -mindepth 1 -maxdepth 1 ! -name .git -exec rm -rf {} +",
        ["git clean -fdx"] = "git rm -q -r --cached . && git clean -q -fdx",
        ["git reset --hard"] = "git reset -q --hard HEAD~1",
    };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names => [.. Commands.Keys];

    private string Root => Directory.CreateDirectory(_folder["work"]).FullName;

    [Theory]
    [MemberData(nameof(Names))]
    public void What_a_command_did_is_recorded_and_taken_back(string command)
    {
        Shell.Run(Root, Project);
        var savepoint = new NativeCommand(Root, Directory.CreateDirectory(_folder["home"]).FullName);
        savepoint.Do("init");
        savepoint.Do("capture", "build/named"); // ignored, but named
        var (before, start) = (Manifest.OfTree(Root), savepoint.Do("status", "--json").Json().GetProperty("head").GetInt64());

        Shell.Run(Root, Commands[command]);
        var after = Manifest.OfTree(Root);
        Assert.NotEqual(before, after);
        var git = Manifest.OfGit(Root);
        var capture = savepoint.Do("capture", "--json").Json();
        Assert.Equal(start + 1, capture.GetProperty("snapshot").GetInt64());
        Assert.True(capture.GetProperty("coverage").GetProperty("complete").GetBoolean());
        Assert.Equal(JsonValueKind.Null, savepoint.Do("capture", "--json").Json().GetProperty("snapshot").ValueKind);

        Assert.True(savepoint.Do("rollback", $"{start}", "--json").Json().GetProperty("verified").GetBoolean());
        Assert.Equal(before, Manifest.OfTree(Root));
        savepoint.Do("undo");
        Assert.Equal(after, Manifest.OfTree(Root));
        Assert.Equal(git, Manifest.OfGit(Root));
    }

    public void Dispose() => _folder.Dispose();
}
