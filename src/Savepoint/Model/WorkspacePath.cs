using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Savepoint.Model;

/// <summary>
/// The name of an entry of a workspace, relative to its root: <c>/</c>-separated bytes, never empty segments, <c>.</c>,
/// <c>..</c> or a leading <c>/</c>. <c>default</c> is the root itself.
/// </summary>
/// <remarks>
/// Bytes, because a Unix file name need not be UTF-8; compared ordinally, byte by byte. Immutable and safe to share
/// between threads. Text becomes a <see cref="WorkspacePath"/> at the edge, so that nothing inside has to check again
/// whether a name leads out of the workspace.
/// </remarks>
public readonly struct WorkspacePath : IEquatable<WorkspacePath>, IComparable<WorkspacePath>
{
    /// <summary>The longest path accepted, in bytes: Linux's PATH_MAX.</summary>
    public const int MaxLengthBytes = 4096;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly byte[]? _bytes;

    private WorkspacePath(byte[] bytes) => _bytes = bytes.Length == 0 ? null : bytes;

    /// <summary>The workspace's root.</summary>
    public static WorkspacePath Root => default;

    /// <summary>The path's bytes, without a leading or trailing <c>/</c>; empty for the root.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Whether this is the workspace's root.</summary>
    public bool IsRoot => _bytes is null;

    /// <summary>Whether the bytes are valid UTF-8, so that <see cref="ToString"/> loses nothing.</summary>
    public bool IsUtf8 => System.Text.Unicode.Utf8.IsValid(Bytes);

    /// <summary>The last segment; empty for the root.</summary>
    public ReadOnlySpan<byte> Name => Bytes[(Bytes.LastIndexOf((byte)'/') + 1)..];

    /// <summary>The directory that holds this entry; the root's parent is the root.</summary>
    public WorkspacePath Parent
    {
        get
        {
            var slash = Bytes.LastIndexOf((byte)'/');
            return slash < 0 ? default : new WorkspacePath(Bytes[..slash].ToArray());
        }
    }

    /// <summary>
    /// Whether a segment is named <c>.git</c> (in any case, as case-insensitive file systems read it): such an entry
    /// belongs to git, and Savepoint neither records nor writes it.
    /// </summary>
    public bool IsInsideGit
    {
        get
        {
            var rest = Bytes;
            while (!rest.IsEmpty)
            {
                var slash = rest.IndexOf((byte)'/');
                var segment = slash < 0 ? rest : rest[..slash];
                if (IsGitName(segment))
                {
                    return true;
                }

                rest = slash < 0 ? default : rest[(slash + 1)..];
            }

            return false;
        }
    }

    /// <summary>Whether an entry of this name belongs to git: <c>.git</c>, in any case.</summary>
    public static bool IsGitName(ReadOnlySpan<byte> name) =>
        name.Length == 4 && name[0] == '.' && (name[1] | 0x20) == 'g' && (name[2] | 0x20) == 'i' && (name[3] | 0x20) == 't';

    /// <summary>Reads a relative path from text (UTF-8). An empty text or <c>.</c> is the root.</summary>
    /// <exception cref="ArgumentException">The path is absolute, has a <c>..</c>, an empty segment or a NUL, or is too long.</exception>
    public static WorkspacePath Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text is "" or ".")
        {
            return default;
        }

        var bytes = Encoding.UTF8.GetBytes(OperatingSystem.IsWindows() ? text.Replace('\\', '/') : text);
        return TryFromBytes(bytes, out var path, out var problem)
            ? path
            : throw new ArgumentException($"'{Printable(bytes)}' is not a path inside the workspace: {problem}.", nameof(text));
    }

    /// <summary>Takes a path's bytes, as <see cref="Bytes"/> gives them. False if they are no relative path inside a workspace.</summary>
    public static bool TryFromBytes(ReadOnlySpan<byte> bytes, out WorkspacePath path) => TryFromBytes(bytes, out path, out _);

    /// <summary>As <see cref="TryFromBytes(ReadOnlySpan{byte}, out WorkspacePath)"/>, saying what is wrong.</summary>
    public static bool TryFromBytes(ReadOnlySpan<byte> bytes, out WorkspacePath path, [NotNullWhen(false)] out string? problem)
    {
        path = default;
        problem = Problem(bytes);
        if (problem is not null)
        {
            return false;
        }

        path = new WorkspacePath(bytes.ToArray());
        return true;
    }

    /// <summary>The entry <paramref name="name"/> of this directory.</summary>
    /// <exception cref="ArgumentException">The name is no single valid segment.</exception>
    public WorkspacePath Append(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty || name.Contains((byte)'/') || SegmentProblem(name) is not null)
        {
            throw new ArgumentException($"'{Printable(name)}' is not the name of a directory entry.", nameof(name));
        }

        if (_bytes is null)
        {
            return new WorkspacePath(name.ToArray());
        }

        var joined = new byte[_bytes.Length + 1 + name.Length];
        _bytes.CopyTo(joined, 0);
        joined[_bytes.Length] = (byte)'/';
        name.CopyTo(joined.AsSpan(_bytes.Length + 1));
        return new WorkspacePath(joined);
    }

    /// <summary>Whether the path of the entry <paramref name="name"/> of this directory is one that can be recorded: directories can be nested deeper than a path is long.</summary>
    internal bool HasRoomFor(ReadOnlySpan<byte> name) => Bytes.Length + 1 + name.Length <= MaxLengthBytes;

    /// <summary>Whether this is <paramref name="directory"/> itself or lies below it.</summary>
    public bool IsWithin(WorkspacePath directory) =>
        directory.IsRoot
        || (Bytes.StartsWith(directory.Bytes)
            && (Bytes.Length == directory.Bytes.Length || Bytes[directory.Bytes.Length] == '/'));

    /// <summary>The directories above this entry, the nearest last, without the root.</summary>
    public IEnumerable<WorkspacePath> Ancestors()
    {
        var bytes = _bytes ?? [];
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == '/')
            {
                yield return new WorkspacePath(bytes[..i]);
            }
        }
    }

    /// <summary>The path as text; bytes that are not UTF-8 show as U+FFFD, so this is for people, not for opening files.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Bytes);

    /// <inheritdoc/>
    public bool Equals(WorkspacePath other) => Bytes.SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is WorkspacePath other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Bytes);
        return hash.ToHashCode();
    }

    /// <summary>Orders by bytes, a directory before what it holds.</summary>
    public int CompareTo(WorkspacePath other) => Bytes.SequenceCompareTo(other.Bytes);

    /// <summary>Whether the two name the same entry.</summary>
    public static bool operator ==(WorkspacePath left, WorkspacePath right) => left.Equals(right);

    /// <summary>Whether the two name different entries.</summary>
    public static bool operator !=(WorkspacePath left, WorkspacePath right) => !left.Equals(right);

    /// <summary>Whether <paramref name="left"/> sorts before <paramref name="right"/>.</summary>
    public static bool operator <(WorkspacePath left, WorkspacePath right) => left.CompareTo(right) < 0;

    /// <summary>Whether <paramref name="left"/> sorts after <paramref name="right"/>.</summary>
    public static bool operator >(WorkspacePath left, WorkspacePath right) => left.CompareTo(right) > 0;

    /// <summary>Whether <paramref name="left"/> does not sort after <paramref name="right"/>.</summary>
    public static bool operator <=(WorkspacePath left, WorkspacePath right) => left.CompareTo(right) <= 0;

    /// <summary>Whether <paramref name="left"/> does not sort before <paramref name="right"/>.</summary>
    public static bool operator >=(WorkspacePath left, WorkspacePath right) => left.CompareTo(right) >= 0;

    private static string? Problem(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return null;
        }

        if (bytes.Length > MaxLengthBytes)
        {
            return $"it is longer than {MaxLengthBytes} bytes";
        }

        if (bytes[0] == '/')
        {
            return "it is absolute";
        }

        while (true)
        {
            var slash = bytes.IndexOf((byte)'/');
            var segment = slash < 0 ? bytes : bytes[..slash];
            if (SegmentProblem(segment) is { } problem)
            {
                return problem;
            }

            if (slash < 0)
            {
                return null;
            }

            bytes = bytes[(slash + 1)..];
        }
    }

    private static string? SegmentProblem(ReadOnlySpan<byte> segment)
    {
        if (segment.IsEmpty)
        {
            return "it has an empty segment";
        }

        if (segment.SequenceEqual("."u8) || segment.SequenceEqual(".."u8))
        {
            return "it has a segment '.' or '..'";
        }

        if (segment.Contains((byte)0))
        {
            return "it has a NUL byte";
        }

        // Windows reads these as separators, drives or streams; a store made on Unix must not write through them.
        return OperatingSystem.IsWindows() && segment.IndexOfAny((byte)'\\', (byte)':') >= 0 ? "it has a '\\' or ':'" : null;
    }

    private static string Printable(ReadOnlySpan<byte> bytes) => PathQuoting.Quote(bytes.Length > 200 ? bytes[..200] : bytes);
}
