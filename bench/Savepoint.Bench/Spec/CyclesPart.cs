using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Savepoint.Bench.Spec;

/// <summary>Trying and taking back, against git on the same edits in turn; and work cut short by a kill.</summary>
internal sealed class CyclesPart(SpecTree tree, SpecSize size, SnapshotManager manager, SpecReport report)
{
    private const int LatestKillMilliseconds = 10; // an undo's whole process takes some six

    public async Task RunAsync()
    {
        TryAndRollBack();
        await KillAsync();
        Iterate();
    }

    private void TryAndRollBack()
    {
        Shell.Run(tree.Root, tree.Home, "git", "init", "-q", "--bare", Path.Combine(tree.Home, "shadow.git"));
        Shell.Git(tree.Root, tree.Home, "add", "-A");
        Shell.Git(tree.Root, tree.Home, "commit", "-q", "-m", "baseline");
        Shell.Run(tree.Root, tree.Home, Shell.Savepoint, "capture");
        var (agent, processes, git) = (new Samples(), new Samples(), new Samples());
        using (var server = new McpProcess(tree))
        {
            for (var round = 0; round < size.Effort.Cycles; round++)
            {
                var file = tree.Any();
                agent.Add(ThroughServer(server, file));
                processes.Add(WithProcesses(file));
                git.Add(WithGit(file));
            }
        }

        var others = FormattableString.Invariant($"p50 and p99 are in ms; git's p50 is {git.P50:0.0} ms");
        report.Set("try-and-rollback", agent.P50 / git.P50, agent, others);
        report.Set("capture-and-undo", processes.P50 / git.P50, processes, others);
    }

    /// <summary>The server writes and records the edit, and takes it back.</summary>
    private double ThroughServer(McpProcess server, EditedFile file)
    {
        file.EditInMemory(tree.Text);
        var edit = $$"""{"path":{{Quoted(file.Path.ToString())}},"content":{{Quoted(Encoding.UTF8.GetString(file.Bytes))}}}""";
        var started = Stopwatch.GetTimestamp();
        server.Call("apply_whole_file_edit", edit);
        server.Call("undo", "{}");
        var time = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        file.WasTurned();
        return file.Read().AsSpan().SequenceEqual(file.Bytes) ? time : throw new InvalidOperationException($"{file.Path} is not what it was.");
    }

    private double WithProcesses(EditedFile file)
    {
        file.Edit(tree.Text);
        var time = Shell.Run(tree.Root, tree.Home, Shell.Savepoint, "capture", file.Path.ToString()) + Shell.Run(tree.Root, tree.Home, Shell.Savepoint, "undo");
        file.WasTurned();
        return time;
    }

    private double WithGit(EditedFile file)
    {
        file.Edit(tree.Text);
        var time = Shell.Git(tree.Root, tree.Home, "add", file.Path.ToString()) + Shell.Git(tree.Root, tree.Home, "commit", "-q", "-m", "x") + Shell.Git(tree.Root, tree.Home, "reset", "-q", "--hard", "HEAD~1");
        file.WasTurned();
        return time;
    }

    private static string Quoted(string text) => JsonSerializer.Serialize(text);

    /// <summary>A scripted agent's iterations: tries, fails, goes back, tries another way.</summary>
    private void Iterate()
    {
        var agent = new ScriptedAgent(tree.Root, tree.Home, tree.Text, [.. tree.Edited.Select(file => file.Path.ToString())]);
        var (ours, git, inPlace) = (new Samples(), new Samples(), new Samples());
        for (var round = 0; round < size.Effort.Cycles; round++)
        {
            ours.Add(agent.WithSavepoint());
            git.Add(agent.WithGit());
            inPlace.Add(agent.WithGitInPlace());
        }

        report.Set(
            "productivity",
            100 * (1 - (ours.P50 / git.P50)),
            ours,
            FormattableString.Invariant($"p50 and p99 are in ms; {3.6e6 / ours.P50:N0} iterations an hour, git in a worktree {3.6e6 / git.P50:N0} ({git.P50:0.0} ms), git in place {3.6e6 / inPlace.P50:N0} ({inPlace.P50:0.0} ms)"));
    }

    /// <summary>Kills an undo somewhere on its way; the next opening must leave the file as one or the other, and the store whole.</summary>
    private async Task KillAsync()
    {
        var failures = new List<string>();
        var (killed, rounds) = (0, 0);
        for (; killed < size.Effort.Kills; rounds++)
        {
            var file = tree.Any();
            var edit = await manager.BeginEditAsync([file.Path]);
            file.Edit(tree.Text);
            await edit.CommitAsync();
            var after = TimeSpan.FromMilliseconds(rounds % LatestKillMilliseconds);
            killed += Shell.Kill(tree.Root, tree.Home, after, Shell.Savepoint, "undo") ? 1 : 0;
            await (await SnapshotManager.OpenAsync(tree.Root, tree.Options)).DisposeAsync();
            var now = file.Read().AsSpan();
            if (now.SequenceEqual(file.BytesBefore))
            {
                file.WasTurned();
            }
            else if (!now.SequenceEqual(file.Bytes))
            {
                failures.Add($"killed after {after.TotalMilliseconds} ms: {file.Path}");
            }
        }

        if (!Shell.Succeeds(tree.Root, tree.Home, Shell.Savepoint, "verify", "--deep"))
        {
            failures.Add("verify found damage");
        }

        report.SetSuccess("error-recovery", killed, failures, $"of {rounds:N0} undos {rounds - killed:N0} had ended before they were to be killed");
    }
}
