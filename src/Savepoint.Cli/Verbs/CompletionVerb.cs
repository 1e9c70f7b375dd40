using System.CommandLine;
using Savepoint.Cli.Completion;

namespace Savepoint.Cli.Verbs;

/// <summary><c>completion</c>: a script for the user's shell.</summary>
internal sealed class CompletionVerb() : Verb("completion", "Write a completion script for a shell.")
{
    private readonly Argument<string> _shell = new("SHELL") { Description = $"One of {string.Join(", ", CompletionScript.Shells)}." };

    public override IReadOnlyList<string> Examples =>
    [
        "source <(savepoint completion bash)       # in ~/.bashrc",
        "savepoint completion fish | source        # in ~/.config/fish/config.fish",
    ];

    public override void Declare(Command command) => command.Add(_shell);

    public override Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var shell = invocation.Get(_shell)!;
        var script = CompletionScript.For(shell)
            ?? throw new UsageException($"There is no completion for '{shell}'.", $"The shells are {string.Join(", ", CompletionScript.Shells)}.");
        if (invocation.Terminal.IsJson)
        {
            invocation.Terminal.Json(json =>
            {
                json.WriteStartObject();
                json.WriteString("shell", shell);
                json.WriteString("script", script);
                json.WriteEndObject();
            });
        }
        else
        {
            invocation.Terminal.Write(script);
        }

        return Task.FromResult(ExitCode.Done);
    }
}
