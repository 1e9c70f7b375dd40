using Savepoint.Cli.Arguments;
using Savepoint.Model;

namespace Savepoint.Cli.Mcp;

/// <summary>One call of a tool: what it is asked, of which workspace, by whom.</summary>
internal sealed class ToolCall(SnapshotManager workspace, ToolArguments arguments, CaptureContext context)
{
    private PathArgument? _paths;

    public SnapshotManager Workspace { get; } = workspace;

    public ToolArguments Arguments { get; } = arguments;

    /// <summary>Who calls, for what the call records.</summary>
    public CaptureContext Context { get; } = context;

    /// <summary>The revision of an argument; <paramref name="otherwise"/> if it was left out.</summary>
    public Revision Revision(string name, string otherwise) => RevisionArgument.Parse(Arguments.Text(name) ?? otherwise);

    /// <summary>A path as answers have it, relative to the workspace's root, or absolute.</summary>
    public WorkspacePath PathOf(string text) => (_paths ??= PathArgument.FromRoot(Workspace.Root)).Resolve(text);

    /// <summary>The paths of an argument; null if it was left out.</summary>
    public WorkspacePath[]? Paths(string name) => Arguments.Texts(name) is { } texts ? [.. texts.Select(PathOf)] : null;
}
