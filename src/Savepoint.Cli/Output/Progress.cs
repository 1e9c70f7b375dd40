using System.Diagnostics;
using System.Text;
using Savepoint.Cli.Platform;

namespace Savepoint.Cli.Output;

/// <summary>
/// Shows on a terminal that long work goes on, and for how long: nothing in the first half second, nothing in a pipe, and
/// no trace once it is done.
/// </summary>
internal sealed class Progress : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    // A bar that runs to and fro: how much work there is in all is not known before it is done.
    private const int Width = 20;
    private const int BarLength = 5;

    private readonly Lock _writing = new();
    private readonly Stopwatch _elapsed = Stopwatch.StartNew();
    private readonly string _what;
    private readonly Timer? _timer;
    private int _frame;
    private bool _isEnded;

    private Progress(Terminal terminal, string what)
    {
        _what = what;
        _timer = terminal.HasProgress ? new Timer(_ => Draw(), null, Patience, Step) : null;
    }

    public static Progress Start(Terminal terminal, string what) => new(terminal, what);

    public void Dispose()
    {
        lock (_writing)
        {
            if (!_isEnded && _frame > 0)
            {
                Show("\r\e[K");
            }

            _isEnded = true;
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

            var swing = Width - BarLength;
            var at = _frame++ % (2 * swing);
            var left = at <= swing ? at : (2 * swing) - at;
            var bar = new string(' ', left) + new string('=', BarLength) + new string(' ', swing - left);
            Show($"\r\e[K[{bar}] {_what}, {(long)_elapsed.Elapsed.TotalSeconds} s");
        }
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
