using System.Text.Json;

namespace Savepoint.Crash;

/// <summary>How one run of the command ended.</summary>
/// <param name="ExitCode">Its exit code; 128 and the signal if it was killed.</param>
/// <param name="Output">What it printed.</param>
/// <param name="Error">What it said on standard error.</param>
/// <param name="Calls">Its counted calls.</param>
/// <param name="Changes">Those that change something.</param>
/// <param name="ByEffect">The counted calls by their <see cref="Effect"/>.</param>
/// <param name="IsStoreOpened">Whether it came past opening the store.</param>
/// <param name="HasFired">Whether a fault was injected.</param>
/// <param name="Where">The first faulty call, and where.</param>
internal sealed record Ended(int ExitCode, string Output, string Error, long Calls, long Changes, long[] ByEffect, bool IsStoreOpened, bool HasFired, string Where)
{
    private const int KilledCode = 128 + 9;

    public bool IsKilled => ExitCode == KilledCode;

    public JsonElement Json
    {
        get
        {
            using var document = JsonDocument.Parse(Output);
            return document.RootElement.Clone();
        }
    }

    public Ended Expect(int exitCode) => ExitCode == exitCode ? this : throw new InvalidOperationException($"exit code {ExitCode}, not {exitCode}: {Output}{Error}");
}
