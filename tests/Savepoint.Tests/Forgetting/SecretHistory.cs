using System.Security.Cryptography;
using System.Text;
using Savepoint.Model;

namespace Savepoint.Tests.Forgetting;

/// <summary>
/// A history in which a secret got everywhere: in several versions, in packs, in archives, as the base of other files'
/// contents, in contents that nothing names any more, moved from one name to another.
/// </summary>
internal sealed class SecretHistory : IDisposable
{
    private readonly Random _random;

    public SecretHistory(int seed)
    {
        _random = new Random(seed);
        Secrets = [.. Enumerable.Range(0, 6).Select(_ => Encoding.ASCII.GetBytes(Token()))];
    }

    public Workspace Workspace { get; } = new();

    /// <summary>What must not be found.</summary>
    public IReadOnlyList<byte[]> Secrets { get; }

    /// <summary>By snapshot, the hash of each file but those of the secret.</summary>
    public Dictionary<long, Dictionary<string, string>> Others { get; } = [];

    public string Store => Directory.GetDirectories(Workspace.Options.StoreHome).Single();

    /// <summary>Records it.</summary>
    public async Task RecordAsync()
    {
        await using var manager = await StartAsync();
        for (var version = 0; version < 3; version++)
        {
            Write("conf/secret.env", version);
            Workspace.Write("conf/noise.key", NoiseWith(version));
            Workspace.Write("notes.txt", $"{Common()}note {version}\n");
            await CaptureAsync(manager);
        }

        await manager.MilestoneAsync("with", manager.Head!.Value);
        await manager.CleanUpAsync();
        Write("conf/secret.env", 3);
        await CaptureAsync(manager);
        File.Move(Workspace.At("conf/secret.env"), Workspace.At("conf/moved.env"));
        await CaptureAsync(manager);
        Workspace.Write("conf/like.env", Common() + "nothing to hide\n"); // stored against the secret
        Write("conf/moved.env", 4);
        await CaptureAsync(manager);
        await manager.MilestoneAsync("later", manager.Head!.Value);
        Directory.CreateDirectory(Workspace.At("src"));
        File.Delete(Workspace.At("conf/moved.env"));
        File.Delete(Workspace.At("conf/noise.key"));
        await CaptureAsync(manager);
        await manager.MilestoneAsync("without", manager.Head!.Value);
    }

    /// <summary>The hash of each file that is none of the secret's at a snapshot.</summary>
    public static Dictionary<string, string> OthersAt(SnapshotManager manager, long number) => manager.TreeAt(new SnapshotNumber(number))
        .Where(entry => entry.Value is FileState.Regular && !IsSecret(entry.Key.ToString()))
        .ToDictionary(entry => entry.Key.ToString(), entry => Convert.ToHexStringLower(SHA256.HashData(manager.Contents.Read(((FileState.Regular)entry.Value).Content))));

    public void Dispose() => Workspace.Dispose();

    private static bool IsSecret(string path) => path is "conf/secret.env" or "conf/moved.env" or "conf/noise.key";

    private async Task<SnapshotManager> StartAsync()
    {
        for (var i = 0; i < 5; i++)
        {
            Workspace.Write($"src/file{i}.txt", Common() + $"file {i}\n");
        }

        var manager = await Workspace.InitAsync();
        Others[1] = OthersAt(manager, 1);
        return manager;
    }

    private async Task CaptureAsync(SnapshotManager manager)
    {
        Workspace.Write("src/file0.txt", $"{Common()}changed at {manager.Head}\n");
        var number = (await manager.CaptureAsync()).Snapshot!.Number.Value;
        Others[number] = OthersAt(manager, number);
    }

    private void Write(string path, int version) =>
        Workspace.Write(path, Common() + string.Concat(Enumerable.Repeat($"KEY={Encoding.ASCII.GetString(Secrets[version])}\n", 4)) + $"version {version}\n");

    /// <summary>Bytes that do not shrink, so that they stand in the store as they are.</summary>
    private byte[] NoiseWith(int version)
    {
        var noise = new byte[6_000];
        _random.NextBytes(noise);
        for (var at = 100; at < noise.Length - 100; at += 300)
        {
            Secrets[version].CopyTo(noise, at);
        }

        return noise;
    }

    private static string Common() => string.Concat(Enumerable.Range(0, 120).Select(line => $"a line that many files have in common, number {line * 7919 % 1000}\n"));

    private string Token() => string.Concat(Enumerable.Range(0, 24).Select(_ => (char)('A' + _random.Next(26))));
}
