using System.Text;
using Savepoint.Cli.Platform;

namespace Savepoint.Cli.Output;

/// <summary>
/// Shows on a terminal what each approach is at, a line each, drawn anew ten times a second, and no trace once it is over; nothing in a pipe. With
/// <c>--verbose</c> a line for each step instead. Told from any thread.
/// </summary>
internal sealed class ExperimentView : IProgress<ExperimentProgress>, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private readonly Lock _writing = new();
    private readonly Terminal _terminal;
    private readonly List<string> _names;
    private readonly Dictionary<string, ExperimentProgress> _steps = [];
    private readonly Timer? _timer;
    private int _drawn;
    private bool _isEnded;

    public ExperimentView(Terminal terminal, IReadOnlyList<Approach> approaches)
    {
        _terminal = terminal;
        _names = [.. approaches.Select(approach => approach.Name)];
        _timer = terminal is { HasProgress: true, IsVerbose: false } ? new Timer(_ => Draw(), null, Patience, Step) : null;
    }

    public void Report(ExperimentProgress value)
    {
        lock (_writing)
        {
            _steps[value.Approach ?? ""] = value;
        }

        if (_terminal.IsVerbose)
        {
            _terminal.Note($"{value.Approach ?? "the base"}: {Word(value)}");
        }
    }

    public void Dispose()
    {
        lock (_writing)
        {
            _isEnded = true;
            if (_drawn > 0)
            {
                Show($"\e[{_drawn}A\r\e[J");
            }
        }

        _timer?.Dispose();
    }

    private void Draw()
    {
        lock (_writing)
        {
            if (_isEnded)
            {
                return;
            }

            var text = new StringBuilder(_drawn > 0 ? $"\e[{_drawn}A" : "");
            var lines = _names.Concat(_steps.ContainsKey("") ? [""] : []).ToList();
            var width = lines.Max(name => SafeText.Of(name).Length);
            foreach (var name in lines)
            {
                text.Append($"\r\e[K  {(name.Length == 0 ? "base" : SafeText.Of(name)).PadRight(Math.Max(4, width))}  {(_steps.TryGetValue(name, out var step) ? SafeText.Of(Word(step)) : "waits for its turn")}\n");
            }

            _drawn = lines.Count;
            Show(text.ToString());
        }
    }

    private static string Word(ExperimentProgress progress)
    {
        var word = progress.Step switch
        {
            ExperimentStep.Copying => "is being copied",
            ExperimentStep.Working => "is carried out",
            ExperimentStep.Building => "builds",
            ExperimentStep.Testing => "runs its tests",
            ExperimentStep.Measuring => $"is measured, round {progress.Round}",
            ExperimentStep.Out => $"is out: {progress.Note}",
            _ => "waits for the others",
        };
        return word.Length <= 70 ? word : $"{word[..69]}…"; // one line, or the next drawing begins too low
    }

    private static void Show(string text)
    {
        try
        {
            using var error = StandardStream.Error();
            error.Write(Encoding.UTF8.GetBytes(text));
        }
        catch (IOException)
        {
            // The terminal is gone; the work is not.
        }
    }
}
