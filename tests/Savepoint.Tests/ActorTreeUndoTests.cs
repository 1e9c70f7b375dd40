using System.Runtime.Versioning;
using CsCheck;
using Savepoint.Model;
using Xunit;

namespace Savepoint.Tests;

/// <summary>
/// The law of selective undo, on whole trees: all that one of three agents did, taken back, leaves what the operations of the others alone
/// would have made. The agents interleave; each has its own lines in the shared files, and its own files; the shared files are moved and get other modes meanwhile.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed class ActorTreeUndoTests
{
    private const int Agents = 3;
    private const UnixFileMode Plain = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private enum Kind
    {
        EditShared,
        MoveShared,
        ChangeModeOfShared,
        EditOwn,
        MoveOwn,
        DeleteOwn,
        Link,
    }

    [Fact]
    public Task Undo_of_all_that_one_agent_did_is_a_replay_of_the_others() =>
        Gen.Select(Gen.Select(Gen.Int[0, Agents - 1], Gen.Enum<Kind>(), Gen.Int[0, Agents - 1]).Array[1, 18], Gen.Int[0, Agents - 1], Gen.Bool).SampleAsync(
            async (steps, undone, bySession) =>
            {
                using var workspace = new Workspace();
                var all = new Model();
                Write(workspace, new Model(), all);
                await using var manager = await workspace.InitAsync();
                var (others, count) = (new Model(), 0);
                for (var i = 0; i < steps.Length; i++)
                {
                    var (agent, kind, file) = steps[i];
                    var before = all.Copy();
                    if (!all.Apply(agent, kind, file, i))
                    {
                        continue;
                    }

                    _ = agent == undone ? count++ : others.Apply(agent, kind, file, i) ? 0 : throw new InvalidOperationException("The others' operations do not stand by themselves.");
                    Write(workspace, before, all);
                    await manager.CaptureAsync(null, new CaptureContext { Actor = new Actor($"agent-{agent}", $"session-{agent}") });
                }

                var whose = bySession ? new Actor(Session: $"session-{undone}") : new Actor($"agent-{undone}");
                var result = await manager.UndoAsync(whose, count + 1);

                Assert.Equal(count == 0 ? RestoreEnding.NothingToDo : RestoreEnding.Restored, result.Ending);
                Assert.Equal(others.Describe(), Read(workspace));
            },
            iter: 60, threads: 2);

    private static void Write(Workspace workspace, Model before, Model after)
    {
        foreach (var path in before.Files.Keys)
        {
            File.Delete(workspace.At(path));
        }

        foreach (var (path, (text, isExecutable, isLink)) in after.Files)
        {
            if (isLink)
            {
                File.CreateSymbolicLink(workspace.At(path), text);
                continue;
            }

            workspace.Write(path, text);
            File.SetUnixFileMode(workspace.At(path), isExecutable ? Plain | UnixFileMode.UserExecute : Plain);
        }
    }

    private static string Read(Workspace workspace) => string.Join('\n', Directory.EnumerateFiles(workspace.Root, "*", SearchOption.AllDirectories).Select(file => new FileInfo(file))
        .Select(file => $"{Path.GetRelativePath(workspace.Root, file.FullName)} {(file.LinkTarget is { } target ? $"-> {target}" : $"{file.UnixFileMode.HasFlag(UnixFileMode.UserExecute)} {File.ReadAllText(file.FullName)}")}").Order(StringComparer.Ordinal));

    /// <summary>What stands, each file by what it is, wherever it is.</summary>
    private sealed class Model
    {
        private readonly string[] _paths = [.. Enumerable.Range(0, Agents).Select(i => $"shared-{i}")];
        private readonly string[,] _lines = new string[Agents, Agents];
        private readonly bool[] _modes = new bool[Agents];
        private readonly string?[] _own = [.. Enumerable.Range(0, Agents).Select(i => $"own {i}\n")];
        private readonly string[] _ownPaths = [.. Enumerable.Range(0, Agents).Select(i => $"own-{i}")];
        private readonly string[] _links = [.. Enumerable.Repeat("nowhere", Agents)];

        /// <summary>The files: text or target, whether it is executable, whether it is a link.</summary>
        public Dictionary<string, (string Text, bool IsExecutable, bool IsLink)> Files
        {
            get
            {
                var files = new Dictionary<string, (string, bool, bool)>();
                for (var i = 0; i < Agents; i++)
                {
                    files[_paths[i]] = (string.Concat(Enumerable.Range(0, Agents).Select(agent => $"{_lines[i, agent] ?? "-"} of {agent} in {i}\nfixed {i} {agent}\n")), _modes[i], false);
                    files[$"link-{i}"] = (_links[i], false, true);
                    if (_own[i] is { } text)
                    {
                        files[_ownPaths[i]] = (text, false, false);
                    }
                }

                return files;
            }
        }

        public string Describe() => string.Join('\n', Files.Select(file => $"{file.Key} {(file.Value.IsLink ? $"-> {file.Value.Text}" : $"{file.Value.IsExecutable} {file.Value.Text}")}").Order(StringComparer.Ordinal));

        public Model Copy()
        {
            var copy = new Model();
            _paths.CopyTo(copy._paths, 0);
            Array.Copy(_lines, copy._lines, _lines.Length);
            _modes.CopyTo(copy._modes, 0);
            _own.CopyTo(copy._own, 0);
            _ownPaths.CopyTo(copy._ownPaths, 0);
            _links.CopyTo(copy._links, 0);
            return copy;
        }

        /// <summary>Does what an agent does at a step; false if that would change nothing.</summary>
        public bool Apply(int agent, Kind kind, int file, int step)
        {
            switch (kind)
            {
                case Kind.EditShared:
                    _lines[file, agent] = $"step {step}";
                    return true;
                case Kind.MoveShared:
                    _paths[agent] = step % 2 == 0 ? $"moved-{agent}-{step}" : $"dir-{agent}-{step}/moved";
                    return true;
                case Kind.ChangeModeOfShared:
                    _modes[agent] = !_modes[agent];
                    return true;
                case Kind.EditOwn:
                    _own[agent] = $"{_own[agent]}own {agent} at {step}\n";
                    return true;
                case Kind.MoveOwn when _own[agent] is not null:
                    _ownPaths[agent] = $"own-{agent}-{step}";
                    return true;
                case Kind.DeleteOwn when _own[agent] is not null:
                    _own[agent] = null;
                    return true;
                case Kind.Link:
                    _links[agent] = $"target-{step}";
                    return true;
                default:
                    return false;
            }
        }
    }
}
