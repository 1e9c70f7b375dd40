using System.Buffers;

namespace Savepoint.Diffs;

/// <summary>A buffer that passes on to a stream what it holds, as soon as that is much. What is left at the end is flushed by hand.</summary>
internal sealed class PassingBuffer(Stream destination) : IBufferWriter<byte>
{
    private const int MaxHeldBytes = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _held = new();

    public void Advance(int count)
    {
        _held.Advance(count);
        if (_held.WrittenCount >= MaxHeldBytes)
        {
            Flush();
        }
    }

    public Memory<byte> GetMemory(int sizeHint = 0) => _held.GetMemory(sizeHint);

    public Span<byte> GetSpan(int sizeHint = 0) => _held.GetSpan(sizeHint);

    public void Flush()
    {
        destination.Write(_held.WrittenSpan);
        _held.ResetWrittenCount();
    }
}
