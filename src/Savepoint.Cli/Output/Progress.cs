using System.Diagnostics;
using System.Globalization;
using System.Text;
using Savepoint.Cli.Platform;
using Savepoint.Model;

namespace Savepoint.Cli.Output;

/// <summary>
/// Shows on a terminal that long work goes on, and for how long; how far it is, where the work tells. Nothing in the first
/// half second, nothing in a pipe, and no trace once it is done.
/// </summary>
internal sealed class Progress : IProgress<CaptureProgress>, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    // A bar that runs to and fro as long as nobody tells how much work there is in all.
    private const int Width = 20;
    private const int BarLength = 5;

    private readonly Lock _writing = new();
    private readonly Stopwatch _elapsed = Stopwatch.StartNew();
    private readonly string _what;
    private readonly Timer? _timer;
    private CaptureProgress _progress;
    private int _frame;
    private bool _isEnded;

    private Progress(Terminal terminal, string what)
    {
        _what = what;
        _timer = terminal.HasProgress ? new Timer(_ => Draw(), null, Patience, Step) : null;
    }

    public static Progress Start(Terminal terminal, string what) => new(terminal, what);

    public void Report(CaptureProgress value)
    {
        lock (_writing)
        {
            _progress = value;
        }
    }

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

            Show($"\r\e[K[{Bar()}] {_what}, {Told()}{(long)_elapsed.Elapsed.TotalSeconds} s");
            _frame++;
        }
    }

    private string Bar()
    {
        if (_progress.TotalBytes > 0)
        {
            var done = (int)(Width * _progress.Bytes / _progress.TotalBytes);
            return new string('=', done) + new string(' ', Width - done);
        }

        var swing = Width - BarLength;
        var at = _frame % (2 * swing);
        var left = at <= swing ? at : (2 * swing) - at;
        return new string(' ', left) + new string('=', BarLength) + new string(' ', swing - left);
    }

    private string Told() => _progress.TotalFiles == 0 ? ""
        : string.Create(CultureInfo.InvariantCulture, $"{_progress.Files:N0} of {Quantity.Of(_progress.TotalFiles, "file")}, {Quantity.Bytes(_progress.Bytes)} of {Quantity.Bytes(_progress.TotalBytes)}, ");

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
