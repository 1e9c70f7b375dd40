using System.Diagnostics;
using System.Globalization;

namespace Savepoint.Tests.Fuzzing;

/// <summary>
/// Gives a target mutated inputs, and fails on an exception that it does not document, on one that takes seconds, or on one that
/// takes memory out of all proportion. The failing input is printed in base 64.
/// </summary>
internal static class Fuzzer
{
    private const long MaxAllocatedBytes = 1_000_000_000; // of an input of 64 KB at most
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(20); // nothing here takes a tenth of a second on an idle machine

    /// <summary>For how long each target is tried; 0 for so many inputs.</summary>
    private static readonly double Minutes = double.Parse(Environment.GetEnvironmentVariable("SAVEPOINT_FUZZ_MINUTES") ?? "0", CultureInfo.InvariantCulture);

    /// <summary>Runs a target.</summary>
    /// <param name="target">Its name.</param>
    /// <param name="mutator">Makes the inputs.</param>
    /// <param name="run">Takes one; true if it was accepted.</param>
    /// <param name="isDocumented">Whether it may refuse an input by this exception.</param>
    /// <param name="count">How many inputs where no time is given.</param>
    /// <param name="output">Takes the counts.</param>
    public static void Run(string target, Mutator mutator, Func<byte[], bool> run, Predicate<Exception> isDocumented, int count, Xunit.ITestOutputHelper output)
    {
        var seed = Minutes > 0 ? Environment.TickCount : 1;
        var (accepted, refused) = (0L, 0L);
        var watch = Stopwatch.StartNew();
        for (var i = 0L; Minutes > 0 ? watch.Elapsed.TotalMinutes < Minutes : i < count; i++)
        {
            var input = mutator.Next(new Random(HashCode.Combine(seed, i)));
            if (Try(target, input, run, isDocumented))
            {
                accepted++;
            }
            else
            {
                refused++;
            }
        }

        output.WriteLine($"{target}: {accepted + refused:N0} inputs, {accepted:N0} accepted, {refused:N0} refused, 0 crashes, in {watch.Elapsed.TotalSeconds:0.0} s");
        Xunit.Assert.True(refused > 0, $"{target} refused none of {accepted} inputs");
    }

    private static bool Try(string target, byte[] input, Func<byte[], bool> run, Predicate<Exception> isDocumented)
    {
        var watch = Stopwatch.StartNew();
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            var isAccepted = run(input);
            Check(target, input, watch.Elapsed, GC.GetAllocatedBytesForCurrentThread() - before);
            return isAccepted;
        }
        catch (Exception e) when (isDocumented(e))
        {
            Check(target, input, watch.Elapsed, GC.GetAllocatedBytesForCurrentThread() - before);
            return false;
        }
        catch (Exception e) when (e is not Xunit.Sdk.XunitException)
        {
            Xunit.Assert.Fail($"{target}: {e.GetType().Name}: {e.Message}\n{e.StackTrace}\ninput: {Convert.ToBase64String(input)}");
            return false;
        }
    }

    private static void Check(string target, byte[] input, TimeSpan elapsed, long allocated)
    {
        Xunit.Assert.True(elapsed < MaxTime, $"{target}: took {elapsed}, input: {Convert.ToBase64String(input)}");
        Xunit.Assert.True(allocated < MaxAllocatedBytes, $"{target}: allocated {allocated:N0} bytes, input: {Convert.ToBase64String(input)}");
    }
}
