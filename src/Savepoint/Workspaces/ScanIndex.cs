using System.Buffers.Binary;
using Savepoint.Model;

namespace Savepoint.Workspaces;

/// <summary>
/// What each file's content was when it had a certain stat, so that a file which still has it need not be read. Derived
/// data: lost, stale or damaged, it is made again by reading.
/// </summary>
/// <remarks>
/// The "racy git" problem (git's Documentation/technical/racy-git): a file changed again within one tick of the file
/// system's clock keeps its stat. An entry is therefore only kept if its times lie before the scan began by more than the
/// coarsest tick: any later change then has other times. Not thread-safe for writing; reading is.
/// </remarks>
internal sealed class ScanIndex
{
    /// <summary>Twice the coarsest tick of Linux file times (one jiffy at 100 Hz).</summary>
    private const long TickNs = 20_000_000;

    private const int HeaderBytes = 16;
    private const int FixedEntryBytes = 2 + (4 * 8) + ContentId.LengthBytes;
    private static ReadOnlySpan<byte> Magic => "SPINDEX1"u8;

    private readonly Dictionary<WorkspacePath, Entry> _entries;

    private ScanIndex(Dictionary<WorkspacePath, Entry> entries) => _entries = entries;

    /// <summary>An index that knows nothing.</summary>
    public static ScanIndex Empty { get; } = new([]);

    /// <summary>How many files it knows.</summary>
    public int Count => _entries.Count;

    /// <summary>The content of a file with this stat; null if it has to be read.</summary>
    public ContentId? Find(WorkspacePath path, in EntryStat stat) =>
        _entries.TryGetValue(path, out var entry)
        && entry.ModifiedNs == stat.ModifiedNs && entry.ChangedNs == stat.ChangedNs
        && entry.SizeBytes == stat.SizeBytes && entry.Inode == stat.Inode
            ? entry.Content
            : null;

    /// <summary>An index of the files that a scan found.</summary>
    /// <param name="files">Each file with the stat it had before it was read, and its content.</param>
    /// <param name="startedNs">When the scan began, in nanoseconds since 1970.</param>
    public static ScanIndex Create(IEnumerable<(WorkspacePath Path, EntryStat Stat, ContentId Content)> files, long startedNs)
    {
        var entries = new Dictionary<WorkspacePath, Entry>();
        foreach (var (path, stat, content) in files)
        {
            if (Math.Max(stat.ModifiedNs, stat.ChangedNs) < startedNs - TickNs)
            {
                entries[path] = new Entry(stat.ModifiedNs, stat.ChangedNs, stat.SizeBytes, stat.Inode, content);
            }
        }

        return new ScanIndex(entries);
    }

    /// <summary>Reads an index; an empty one if there is none or it cannot be used.</summary>
    public static ScanIndex Load(string file)
    {
        try
        {
            return TryParse(File.ReadAllBytes(file)) ?? Empty;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Empty;
        }
    }

    /// <summary>Replaces the index file in one step. A failure costs only speed, so it is no error.</summary>
    public void Save(string file)
    {
        var aside = $"{file}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using (var stream = new FileStream(aside, options))
            {
                stream.Write(ToBytes());
            }

            File.Move(aside, file, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(aside);
        }
    }

    /// <summary>Whether the two know the same.</summary>
    public bool IsSameAs(ScanIndex other) =>
        Count == other.Count && _entries.All(pair => other._entries.TryGetValue(pair.Key, out var entry) && entry == pair.Value);

    // Magic, the length of the rest; then for each file: path length, path, times, size, inode, content; then a hash of all that.
    private byte[] ToBytes()
    {
        var length = HeaderBytes + _entries.Keys.Sum(path => FixedEntryBytes + path.Bytes.Length);
        var bytes = new byte[length + ContentId.LengthBytes];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), length);
        var rest = bytes.AsSpan(HeaderBytes);
        foreach (var (path, entry) in _entries)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(rest, (ushort)path.Bytes.Length);
            path.Bytes.CopyTo(rest[2..]);
            rest = rest[(2 + path.Bytes.Length)..];
            BinaryPrimitives.WriteInt64LittleEndian(rest, entry.ModifiedNs);
            BinaryPrimitives.WriteInt64LittleEndian(rest[8..], entry.ChangedNs);
            BinaryPrimitives.WriteInt64LittleEndian(rest[16..], entry.SizeBytes);
            BinaryPrimitives.WriteInt64LittleEndian(rest[24..], entry.Inode);
            entry.Content.WriteTo(rest[32..]);
            rest = rest[(32 + ContentId.LengthBytes)..];
        }

        ContentId.Of(bytes.AsSpan(0, length)).WriteTo(rest);
        return bytes;
    }

    private static ScanIndex? TryParse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes + ContentId.LengthBytes || !bytes.StartsWith(Magic)
            || BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]) != bytes.Length - ContentId.LengthBytes
            || ContentId.Of(bytes[..^ContentId.LengthBytes]) != new ContentId(bytes[^ContentId.LengthBytes..]))
        {
            return null;
        }

        var entries = new Dictionary<WorkspacePath, Entry>();
        for (var rest = bytes[HeaderBytes..^ContentId.LengthBytes]; rest.Length >= FixedEntryBytes;)
        {
            var pathLength = BinaryPrimitives.ReadUInt16LittleEndian(rest);
            if (rest.Length < FixedEntryBytes + pathLength || !WorkspacePath.TryFromBytes(rest.Slice(2, pathLength), out var path))
            {
                return null;
            }

            rest = rest[(2 + pathLength)..];
            entries[path] = new Entry(
                BinaryPrimitives.ReadInt64LittleEndian(rest), BinaryPrimitives.ReadInt64LittleEndian(rest[8..]),
                BinaryPrimitives.ReadInt64LittleEndian(rest[16..]), BinaryPrimitives.ReadInt64LittleEndian(rest[24..]),
                new ContentId(rest.Slice(32, ContentId.LengthBytes)));
            rest = rest[(32 + ContentId.LengthBytes)..];
        }

        return new ScanIndex(entries);
    }

    private readonly record struct Entry(long ModifiedNs, long ChangedNs, long SizeBytes, long Inode, ContentId Content);
}
