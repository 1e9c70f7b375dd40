using System.Buffers;
using System.Text;
using System.Text.Json;
using Savepoint.Cli.Platform;

namespace Savepoint.Cli.Output;

/// <summary>
/// Where a verb speaks: results to standard output, everything else to standard error. Standard output is buffered, and
/// flushed when the verb ends or the buffer is full.
/// </summary>
internal sealed class Terminal
{
    // The system's streams, which end with the process: nobody disposes of them.
    private readonly Stream _output;
    private readonly Stream _error;

    /// <summary>Speaks to the process's own streams.</summary>
    public Terminal()
        : this(Buffered(StandardStream.Output()), StandardStream.Error())
    {
    }

    private Terminal(Stream output, Stream error) => (_output, _error) = (output, error);

    /// <summary>Whether only results and errors are wanted.</summary>
    public bool IsQuiet { get; init; }

    /// <summary>Whether errors are wanted with all that is known of them.</summary>
    public bool IsVerbose { get; init; }

    /// <summary>Whether the result is one JSON document.</summary>
    public bool IsJson { get; init; }

    /// <summary>Whether results may be coloured.</summary>
    public bool HasColor { get; init; }

    /// <summary>Whether somebody watches standard error, so that progress makes sense.</summary>
    public bool HasProgress { get; init; }

    /// <summary>Whether results go to a terminal, where bytes of others must not act.</summary>
    public bool IsInteractive { get; init; }

    /// <summary>Standard output, for bytes.</summary>
    public Stream Bytes => _output;

    /// <summary>One like it that speaks to other streams.</summary>
    public Terminal Onto(Stream output, Stream error) =>
        new(output, error) { IsQuiet = IsQuiet, IsVerbose = IsVerbose, IsJson = IsJson, HasColor = HasColor, HasProgress = HasProgress, IsInteractive = IsInteractive };

    /// <summary>A line of the result.</summary>
    public void Line(string text = "")
    {
        Write(text);
        _output.WriteByte((byte)'\n');
    }

    /// <summary>A part of a line of the result.</summary>
    public void Write(string text)
    {
        Span<byte> small = stackalloc byte[512];
        if (Encoding.UTF8.TryGetBytes(text, small, out var length))
        {
            _output.Write(small[..length]);
        }
        else
        {
            _output.Write(Encoding.UTF8.GetBytes(text));
        }
    }

    /// <summary>A line that says what was done; <c>--quiet</c> leaves it out.</summary>
    public void Say(string text)
    {
        if (!IsQuiet)
        {
            Line(text);
        }
    }

    /// <summary>One JSON document, in one line.</summary>
    public void Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            write(json);
        }

        _output.Write(buffer.WrittenSpan);
        _output.WriteByte((byte)'\n');
    }

    /// <summary>As <see cref="Json"/>, for a document that may be large: what is flushed is on its way, whatever comes after it.</summary>
    public void StreamJson(Action<Utf8JsonWriter> write)
    {
        using (var json = new Utf8JsonWriter(_output))
        {
            write(json);
        }

        _output.WriteByte((byte)'\n');
    }

    /// <summary>A line on standard error, unless <c>--quiet</c>.</summary>
    public void Note(string text)
    {
        if (!IsQuiet)
        {
            ErrorText($"savepoint: {SafeText.Of(text)}\n");
        }
    }

    /// <summary>A failure: what and why, and in the line below what to do next.</summary>
    public void Error(string message, string? hint)
    {
        ErrorText($"savepoint: {SafeText.Of(message)}\n{(string.IsNullOrEmpty(hint) ? "" : $"  {SafeText.Of(hint)}\n")}");
    }

    /// <summary>Text on standard error as it is.</summary>
    public void ErrorText(string text) => ErrorBytes(Encoding.UTF8.GetBytes(text));

    /// <summary>The same of text that is encoded.</summary>
    public void ErrorBytes(ReadOnlySpan<byte> text)
    {
        TryFlush();
        try
        {
            _error.Write(text);
        }
        catch (IOException)
        {
            // Nobody listens, and there is nobody else to tell.
        }
    }

    public void Flush() => _output.Flush();

    /// <summary>Keeps both streams in order on a terminal. A failure is not lost: the flush at the end meets it again.</summary>
    private void TryFlush()
    {
        try
        {
            _output.Flush();
        }
        catch (IOException)
        {
            // See above.
        }
    }

    private static BufferedStream Buffered(Stream stream) => new(stream, 32 * 1024);
}
