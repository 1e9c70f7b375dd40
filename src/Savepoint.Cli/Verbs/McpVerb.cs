using System.CommandLine;
using Savepoint.Cli.Arguments;
using Savepoint.Cli.Mcp;
using Savepoint.Cli.Mcp.Tools;

namespace Savepoint.Cli.Verbs;

/// <summary><c>mcp</c>: the server that agents' clients start.</summary>
internal sealed class McpVerb() : Verb("mcp", "Serve the Model Context Protocol on standard input and output.")
{
    private readonly Option<bool> _editTools = new("--edit-tools") { Description = "Serve tools that write files, too: whole file, diff, block, lines, delete, rename, reverse diff." };

    public override IReadOnlyList<string> Examples =>
    [
        "savepoint mcp                                    # a client starts it in the project's directory",
        "claude mcp add savepoint -- savepoint mcp -C DIR # or names the workspace",
    ];

    public override string Details => $"""
        The tools: {string.Join(", ", ToolTable.All.Select(tool => tool.Name))};
        the resources: savepoint://history, and the diff of each snapshot. In a directory that is not tracked each tool says so, until it is. The server ends with its
        input.
        """;

    public override void Declare(Command command) => command.Add(_editTools);

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var start = invocation.WorkspaceOption is null ? CurrentDirectory.Path : invocation.NamedDirectory();
        await using var workspace = new OpenWorkspace(start, isNamed: invocation.WorkspaceOption is not null);
        await McpService.RunAsync(workspace, invocation.Get(_editTools) ? [.. ToolTable.All, .. EditTools.All] : ToolTable.All, cancellationToken).ConfigureAwait(false);
        return ExitCode.Done;
    }
}
