using System.CommandLine;
using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary>The options that say who makes a change, with what, and why: alike for every verb that records one.</summary>
internal sealed class ActorOptions
{
    private readonly Option<string?> _message = new("--message", "-m") { HelpName = "MSG", Description = "A line for people." };
    private readonly Option<string?> _tool = new("--tool") { HelpName = "T", Description = "The tool that made the change." };
    private readonly Option<string?> _agent = new("--agent") { HelpName = "A", Description = "The agent that made it." };
    private readonly Option<string?> _session = new("--session") { HelpName = "S", Description = "The agent's session." };
    private readonly Option<string?> _turn = new("--turn") { HelpName = "T", Description = "The agent's turn." };

    public void Declare(Command command)
    {
        command.Add(_message);
        command.Add(_tool);
        command.Add(_agent);
        command.Add(_session);
        command.Add(_turn);
    }

    public CaptureContext Context(Invocation invocation) => new()
    {
        Actor = new Actor(invocation.Text(_agent), invocation.Text(_session), invocation.Text(_turn)),
        Tool = invocation.Text(_tool),
        Message = invocation.Text(_message),
    };
}
