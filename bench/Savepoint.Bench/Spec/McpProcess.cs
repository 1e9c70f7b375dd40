using System.Diagnostics;
using System.Text.Json;

namespace Savepoint.Bench.Spec;

/// <summary>A native <c>mcp</c> that answers calls of its tools, and its anonymous resident memory; ended when disposed.</summary>
internal sealed class McpProcess : IDisposable
{
    private const string Initialize = """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"bench","version":"1"}}}""";

    private readonly Process _process;

    public McpProcess(SpecTree tree)
    {
        var start = new ProcessStartInfo(Shell.Savepoint, ["mcp", "--edit-tools"]) { WorkingDirectory = tree.Root, RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["HOME"] = tree.Home;
        start.Environment["SAVEPOINT_HOME"] = tree.StoreHome;
        _process = Process.Start(start)!;
        Ask(Initialize);
    }

    /// <summary>In megabytes, now.</summary>
    public double Megabytes => AnonymousMemory.OfMegabytes(_process.Id) ?? throw new InvalidOperationException("The server ended.");

    /// <summary>Calls a tool; its arguments are a JSON object.</summary>
    public void Call(string tool, string arguments) =>
        Ask($$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{{{arguments}}}}}""");

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private void Ask(string message)
    {
        _process.StandardInput.Write(message + "\n");
        _process.StandardInput.Flush();
        using var answer = JsonDocument.Parse(_process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The server ended."));
        if (!answer.RootElement.TryGetProperty("result", out var result) || (result.TryGetProperty("isError", out var failed) && failed.GetBoolean()))
        {
            throw new InvalidOperationException($"The server answered {answer.RootElement}.");
        }
    }
}
