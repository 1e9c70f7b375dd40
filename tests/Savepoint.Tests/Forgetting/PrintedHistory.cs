using System.Text;
using Savepoint.Model;
using Savepoint.Policies;

namespace Savepoint.Tests.Forgetting;

/// <summary>
/// A history in which no message names a secret, and everything that a program can print does: diagnostics, names of tests and of
/// benchmarks, the output of approaches, and what was decided from them.
/// </summary>
internal sealed class PrintedHistory : IDisposable
{
    private static readonly CheckCommands Commands = new("sh build.sh", "sh tests.sh", "sh bench.sh");

    public PrintedHistory() => Workspace.Options = Workspace.Options with { Policies = new PolicyOptions() };

    public Workspace Workspace { get; } = new();

    public string Store => Directory.GetDirectories(Workspace.Options.StoreHome).Single();

    /// <summary>What must not be found.</summary>
    public byte[] Secret { get; } = Encoding.ASCII.GetBytes("XKDLWQPZRTVB");

    /// <summary>Records it: one check before the secret is there, two while it is, and an experiment.</summary>
    public async Task RecordAsync()
    {
        Workspace.Write("build.sh", "exit 0\n");
        Workspace.Write("tests.sh", "echo TAP version 13; echo 1..2; echo 'ok 1 - always'; echo 'not ok 2 - from before'; exit 1\n");
        Workspace.Write("bench.sh", "echo 'loop 5 ms'\n");
        await using var manager = await Workspace.InitAsync();
        await CheckAsync(manager);

        Workspace.Write("conf/secret.env", Encoding.ASCII.GetString(Secret) + "\n");
        Workspace.Write("tests.sh", "s=$(cat conf/secret.env); echo TAP version 13; echo 1..2; echo \"not ok 1 - $s\"; echo 'not ok 2 - always'; exit 1\n");
        Workspace.Write("bench.sh", "echo \"$(cat conf/secret.env) 5 ms\"\n");
        await manager.CaptureAsync();
        await CheckAsync(manager, acts: false);
        Workspace.Write("build.sh", "echo \"conf/secret.env:1:1: error: '$(cat conf/secret.env)' is not known\"; exit 1\n");
        await manager.CaptureAsync();
        await CheckAsync(manager, acts: false);
        await manager.MilestoneAsync("with", manager.Head!.Value);
        await new ExperimentManager(manager).TryApproachesAsync([Approach.Run("reads", "cat conf/secret.env; echo done > result")], new Evaluation { Commands = Commands });
        File.Delete(Workspace.At("conf/secret.env"));
        await manager.CaptureAsync();
    }

    public void Dispose() => Workspace.Dispose();

    private static async Task CheckAsync(SnapshotManager manager, bool acts = true) =>
        await manager.DecideAsync(await manager.CheckAsync(Commands), acts ? null : new PolicyOptions { Rollback = new RollbackPolicy().Suggesting() });
}
