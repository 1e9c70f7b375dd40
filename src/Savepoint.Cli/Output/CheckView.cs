using Savepoint.Model;

namespace Savepoint.Cli.Output;

/// <summary>Shows what a check does while it runs: its output with <c>--verbose</c>, else which command it is in. Told from one thread.</summary>
internal sealed class CheckView(Terminal terminal, CheckCommands commands) : IProgress<CheckLine>, IDisposable
{
    private Progress? _progress = terminal.IsVerbose ? null : Progress.Start(terminal, "checking");
    private CheckKind? _kind;

    public void Report(CheckLine value)
    {
        if (terminal.IsVerbose)
        {
            terminal.ErrorText($"{SafeText.Of(value.Text)}\n");
        }
        else if (_kind != value.Kind)
        {
            _kind = value.Kind;
            _progress?.Dispose();
            _progress = Progress.Start(terminal, SafeText.Of(commands.Of(value.Kind) ?? ""));
        }
    }

    public void Dispose() => _progress?.Dispose();
}
