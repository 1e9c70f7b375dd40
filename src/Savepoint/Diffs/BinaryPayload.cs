using Savepoint.Model;

namespace Savepoint.Diffs;

/// <summary>One direction of a binary patch. Immutable; of a large content it holds the name, and reads the bytes when they are asked for.</summary>
public sealed class BinaryPayload : IEquatable<BinaryPayload>
{
    private readonly ReadOnlyMemory<byte> _data;
    private readonly ContentId _id;
    private readonly IContentSource? _contents;

    /// <summary>A payload whose bytes are at hand.</summary>
    /// <param name="kind">How <paramref name="data"/> is to be read.</param>
    /// <param name="data">The payload, not compressed.</param>
    public BinaryPayload(BinaryPayloadKind kind, ReadOnlyMemory<byte> data)
    {
        Kind = kind;
        _data = data;
        LengthBytes = data.Length;
    }

    private BinaryPayload(ContentId id, long lengthBytes, IContentSource contents)
    {
        Kind = BinaryPayloadKind.Literal;
        LengthBytes = lengthBytes;
        _id = id;
        _contents = contents;
    }

    /// <summary>An empty file, or none.</summary>
    public static BinaryPayload Empty { get; } = new(BinaryPayloadKind.Literal, default);

    /// <summary>Nothing is given.</summary>
    public static BinaryPayload Omitted { get; } = new(BinaryPayloadKind.Omitted, default);

    /// <summary>How the payload is to be read.</summary>
    public BinaryPayloadKind Kind { get; }

    /// <summary>How long it is, not compressed.</summary>
    public long LengthBytes { get; }

    /// <summary>The payload, not compressed, whole in memory.</summary>
    /// <exception cref="SavepointException">A large content cannot be read any more.</exception>
    public ReadOnlyMemory<byte> Data => _contents is null ? _data : _contents.Read(_id);

    /// <summary>A content that is read only when the patch is written.</summary>
    internal static BinaryPayload Stored(FileState state, IContentSource contents) => state switch
    {
        FileState.Regular file => new BinaryPayload(file.Content, file.SizeBytes, contents),
        FileState.Symlink link => new BinaryPayload(link.Target, link.SizeBytes, contents),
        _ => Empty,
    };

    /// <summary>Writes the payload to <paramref name="destination"/> without holding all of it in memory.</summary>
    internal void CopyTo(Stream destination)
    {
        if (_contents is null)
        {
            destination.Write(_data.Span);
        }
        else
        {
            _contents.CopyTo(_id, destination);
        }
    }

    /// <inheritdoc/>
    public bool Equals(BinaryPayload? other) =>
        other is not null && Kind == other.Kind && LengthBytes == other.LengthBytes
        && (_contents is not null && other._contents is not null ? _id == other._id : Data.Span.SequenceEqual(other.Data.Span));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as BinaryPayload);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, LengthBytes);
}
