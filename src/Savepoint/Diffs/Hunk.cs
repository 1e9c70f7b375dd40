namespace Savepoint.Diffs;

/// <summary>
/// One <c>@@</c> section of a text patch: a range of old lines, the range of new lines that takes its place, and the lines
/// themselves, context included. Immutable.
/// </summary>
public sealed class Hunk : IEquatable<Hunk>
{
    internal Hunk(int oldStart, int oldCount, int newStart, int newCount, ReadOnlyMemory<byte> body)
    {
        (OldStart, OldCount, NewStart, NewCount, Body) = (oldStart, oldCount, newStart, newCount, body);
    }

    /// <summary>The first old line, 0-based; if there is none, the line before which the new ones come.</summary>
    public int OldStart { get; }

    /// <summary>How many old lines, context and deletions.</summary>
    public int OldCount { get; }

    /// <summary>The first new line, 0-based.</summary>
    public int NewStart { get; }

    /// <summary>How many new lines, context and additions.</summary>
    public int NewCount { get; }

    /// <summary>
    /// The lines as a patch has them, each behind a space, <c>-</c> or <c>+</c>, with <c>\ No newline at end of file</c>
    /// where it applies. Between two context lines, all deletions precede all additions.
    /// </summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>The lines, one by one.</summary>
    public HunkLines Lines => new(Body.Span);

    /// <summary>The hunk that takes this one back.</summary>
    public Hunk Reverse()
    {
        var reversed = new HunkBuilder(NewStart, OldStart, Body.Length);
        foreach (var line in Lines)
        {
            reversed.Add(Opposite(line.Kind), line.Content);
        }

        return reversed.Build();
    }

    /// <summary>The same lines at another place.</summary>
    internal Hunk At(int oldStart, int newStart) => new(oldStart, OldCount, newStart, NewCount, Body);

    /// <summary>Whether its last line is context: not at the end of a file, unless it was made without context.</summary>
    internal bool EndsWithContext
    {
        get
        {
            var last = HunkLineKind.Added;
            foreach (var line in Lines)
            {
                last = line.Kind;
            }

            return last == HunkLineKind.Context;
        }
    }

    /// <summary>Whether any of its lines is context.</summary>
    internal bool HasContext
    {
        get
        {
            foreach (var line in Lines)
            {
                if (line.Kind == HunkLineKind.Context)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>The bytes of the lines it expects to find, as they stand in the file.</summary>
    internal byte[] OldBytes() => Bytes(HunkLineKind.Added);

    /// <summary>The bytes of the lines it leaves, as they stand in the file.</summary>
    internal byte[] NewBytes() => Bytes(HunkLineKind.Deleted);

    /// <inheritdoc/>
    public bool Equals(Hunk? other) =>
        other is not null && OldStart == other.OldStart && NewStart == other.NewStart && Body.Span.SequenceEqual(other.Body.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Hunk);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(OldStart, OldCount, NewStart, NewCount, Body.Length);

    private byte[] Bytes(HunkLineKind without)
    {
        var bytes = new byte[Body.Length];
        var length = 0;
        foreach (var line in Lines)
        {
            if (line.Kind != without)
            {
                line.Content.CopyTo(bytes.AsSpan(length));
                length += line.Content.Length;
            }
        }

        return bytes[..length];
    }

    private static HunkLineKind Opposite(HunkLineKind kind) => kind switch
    {
        HunkLineKind.Added => HunkLineKind.Deleted,
        HunkLineKind.Deleted => HunkLineKind.Added,
        _ => HunkLineKind.Context,
    };
}
