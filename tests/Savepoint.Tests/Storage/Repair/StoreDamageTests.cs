using System.Globalization;
using Xunit;

namespace Savepoint.Tests.Storage.Repair;

/// <summary>
/// Damage at a random place of a random file of a real store: a verification never calls it sound when it is not, nothing ends in
/// anything but a known failure, and a repair brings back all but what it names.
/// </summary>
public sealed class StoreDamageTests(ITestOutputHelper output)
{
    /// <summary>A long run names more of them.</summary>
    private static readonly int Rounds = int.Parse(Environment.GetEnvironmentVariable("SAVEPOINT_TEST_DAMAGES") ?? "40", CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_flipped_bit_costs_what_it_hit_and_no_more() => await RunAsync(seed: 11, (bytes, random) =>
    {
        bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        return bytes;
    });

    [Fact]
    public async Task A_torn_page_costs_what_it_hit_and_no_more() => await RunAsync(seed: 12, (bytes, random) =>
    {
        var begin = random.Next(bytes.Length) & ~511;
        random.NextBytes(bytes.AsSpan(begin, Math.Min(512, bytes.Length - begin)));
        return bytes;
    });

    [Fact]
    public async Task A_file_that_is_cut_off_costs_what_it_hit_and_no_more() => await RunAsync(seed: 13, (bytes, random) => bytes[..random.Next(bytes.Length)]);

    private async Task RunAsync(int seed, Func<byte[], Random, byte[]> damage)
    {
        using var store = await DamagedStore.MakeAsync(seed);
        var random = new Random(seed);
        var (found, exact, all) = (0, 0L, 0L);
        for (var round = 0; round < Rounds; round++)
        {
            store.Reset();
            var file = store.Files[random.Next(store.Files.Count)];
            var whole = File.ReadAllBytes(file);
            File.WriteAllBytes(file, damage(whole.ToArray(), random));
            var what = $"seed {seed}, round {round}, {Path.GetFileName(file)}";
            var problems = await store.VerifyAsync(what);
            found += problems.Count > 0 ? 1 : 0;
            if (problems.Count == 0)
            {
                await store.CheckAsync([], what);
                continue;
            }

            await store.CheckAsync(problems, what);
            var repaired = await SnapshotManager.RepairAsync(store.Root, store.Options);
            Assert.False(repaired.WasSound, what);
            var left = await store.VerifyAsync(what);
            Assert.All(left, problem => Assert.True(repaired.Lost.Contains(problem), $"{what}: not said by the repair: {problem}"));
            exact += await store.CheckAsync(repaired.Lost, what);
            all += store.StateCount;
            await store.CheckRecordingAsync(left.Count, what);
        }

        output.WriteLine($"{Rounds} damages, {found} found, {exact} of {all} states whole after the repair");
        Assert.True(found > Rounds / 4, $"{found} of {Rounds} were found");
        Assert.True(exact * 10 >= all * 6, $"{exact} of {all} states are whole after the repairs");
    }
}
