using System.Text;
using System.Text.Json;

namespace Savepoint.Cli.Tests;

/// <summary>How one run of the executable ended.</summary>
internal sealed record CliResult(int ExitCode, byte[] Bytes, string Error)
{
    public string Output => Encoding.UTF8.GetString(Bytes);

    /// <summary>Standard output as the one JSON document it must be.</summary>
    public JsonElement Json
    {
        get
        {
            Assert.EndsWith("\n", Output, StringComparison.Ordinal);
            Assert.Equal(1, Output.Count(c => c == '\n'));
            using var document = JsonDocument.Parse(Bytes);
            return document.RootElement.Clone();
        }
    }

    /// <summary>Standard output as JSON Lines.</summary>
    public List<JsonElement> JsonLines => [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    /// <summary>The result, once it is known to have ended with this code.</summary>
    public CliResult Expect(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"exit code {ExitCode}, not {exitCode}\n{Output}{Error}");
        return this;
    }
}
