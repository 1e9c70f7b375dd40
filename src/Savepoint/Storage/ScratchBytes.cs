using System.Buffers;

namespace Savepoint.Storage;

/// <summary>
/// Bytes for a moment, not cleared. Small ones come from the shared pool. Large ones do not: the pool keeps an array for each thread that ever rented
/// one, which for packs came to 34 MB a thread.
/// </summary>
internal readonly unsafe ref struct ScratchBytes : IDisposable
{
    private const int MaxPooledBytes = 256 * 1024;

    private readonly byte[]? _pooled;
    private readonly byte* _native;
    private readonly int _length;

    public ScratchBytes(int length)
    {
        _length = length;
        if (length <= MaxPooledBytes)
        {
            _pooled = ArrayPool<byte>.Shared.Rent(length);
        }
        else
        {
            _native = (byte*)NativeBlock.Allocate((nuint)length);
        }
    }

    public Span<byte> Span => _pooled is { } array ? array.AsSpan(0, _length) : new Span<byte>(_native, _length);

    public void Dispose()
    {
        if (_pooled is { } array)
        {
            ArrayPool<byte>.Shared.Return(array);
        }
        else
        {
            NativeBlock.Free(_native);
        }
    }
}
