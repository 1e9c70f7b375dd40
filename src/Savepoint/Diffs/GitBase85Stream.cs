using System.Buffers;

namespace Savepoint.Diffs;

/// <summary>Writes all that is written to it as git's base 85 (<see cref="GitBase85"/>), line by line. Only the end of the stream may end a short line.</summary>
internal sealed class GitBase85Stream(IBufferWriter<byte> destination) : WriteOnlyStream
{
    private readonly byte[] _pending = new byte[64 * GitBase85.MaxLineBytes];
    private int _pendingLength;

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var taken = Math.Min(buffer.Length, _pending.Length - _pendingLength);
            buffer[..taken].CopyTo(_pending.AsSpan(_pendingLength));
            _pendingLength += taken;
            buffer = buffer[taken..];
            if (_pendingLength == _pending.Length)
            {
                WritePending();
            }
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            WritePending();
        }

        base.Dispose(disposing);
    }

    private void WritePending()
    {
        GitBase85.WriteLines(_pending.AsSpan(0, _pendingLength), destination);
        _pendingLength = 0;
    }
}
