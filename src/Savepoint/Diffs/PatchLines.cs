namespace Savepoint.Diffs;

/// <summary>Walks over a patch's lines, knowing the number of each.</summary>
internal ref struct PatchLines(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>The number of the line at hand, 1 for the first.</summary>
    public int Number { get; private set; } = 1;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>The line at hand with its LF; empty at the end.</summary>
    public readonly ReadOnlySpan<byte> Raw
    {
        get
        {
            var end = _rest.IndexOf((byte)'\n');
            return end < 0 ? _rest : _rest[..(end + 1)];
        }
    }

    /// <summary>The line at hand without LF or CR LF, as headers are read.</summary>
    public readonly ReadOnlySpan<byte> Line
    {
        get
        {
            var raw = Raw;
            raw = raw.EndsWith("\n"u8) ? raw[..^1] : raw;
            return raw.EndsWith("\r"u8) ? raw[..^1] : raw;
        }
    }

    public void Advance()
    {
        _rest = _rest[Raw.Length..];
        Number++;
    }

    /// <summary>If the line at hand begins so, gives what follows on it and goes on.</summary>
    public bool TryTake(ReadOnlySpan<byte> prefix, out ReadOnlySpan<byte> value)
    {
        if (!Line.StartsWith(prefix))
        {
            value = default;
            return false;
        }

        value = Line[prefix.Length..];
        Advance();
        return true;
    }

    public readonly PatchSyntaxException Error(string problem) => new(Number, problem);
}
