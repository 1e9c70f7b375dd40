using Savepoint.Cli.Arguments;
using Savepoint.Cli.Mcp;

namespace Savepoint.Cli.Verbs;

/// <summary><c>mcp</c>: the server that agents' clients start.</summary>
internal sealed class McpVerb() : Verb("mcp", "Serve the Model Context Protocol on standard input and output.")
{
    public override IReadOnlyList<string> Examples =>
    [
        "savepoint mcp                                    # a client starts it in the project's directory",
        "claude mcp add savepoint -- savepoint mcp -C DIR # or names the workspace",
    ];

    public override string Details => """
        The tools: history, show, diff, undo, redo, rollback and checkpoint; the resources: savepoint://history, and the
        diff of each snapshot. In a directory that is not tracked each tool says so, until it is. The server ends with its
        input.
        """;

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var start = invocation.WorkspaceOption is null ? CurrentDirectory.Path : invocation.NamedDirectory();
        await using var workspace = new OpenWorkspace(start, isNamed: invocation.WorkspaceOption is not null);
        await McpService.RunAsync(workspace, cancellationToken).ConfigureAwait(false);
        return ExitCode.Done;
    }
}
