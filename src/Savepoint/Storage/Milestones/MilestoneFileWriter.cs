using System.Buffers.Binary;
using Savepoint.Model;

namespace Savepoint.Storage.Milestones;

/// <summary>
/// Writes one archive: aside, block by block, then synced and renamed, so that a file under its name is always whole. The
/// folder's lock must be held.
/// </summary>
internal sealed class MilestoneFileWriter : IDisposable
{
    /// <summary>The name that a file has until it is whole.</summary>
    public const string AsideName = "new";

    private const int MinCompressedBytes = 32; // a frame's own header makes less pointless

    private readonly string _folder;
    private readonly FileStream _file;
    private readonly List<MilestoneBlock> _blocks = [];
    private long _position;

    public MilestoneFileWriter(string folder)
    {
        _folder = folder;
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        _file = Guard(folder, () => new FileStream(Path.Combine(folder, AsideName), options));
        Write(MilestoneFile.Signature);
    }

    /// <summary>Appends a block, compressed if that makes it smaller.</summary>
    public void Add(BlockKind kind, ReadOnlySpan<byte> plain, int level)
    {
        var frame = plain.Length < MinCompressedBytes ? [] : ContentCodec.Compress(plain, default, level);
        var isCompressed = frame.Length > 0 && frame.Length < plain.Length;
        Append(kind, isCompressed, plain.Length, isCompressed ? frame : plain);
    }

    /// <summary>Appends what the file says of itself, twice: without it, nothing else in it could be placed.</summary>
    public void AddSummary(MilestoneSummary summary)
    {
        var bytes = summary.ToBytes();
        Add(BlockKind.Summary, bytes, ContentCodec.Level);
        Add(BlockKind.Summary, bytes, ContentCodec.Level);
    }

    /// <summary>Makes it a file under its name, for good.</summary>
    public void Finish(SnapshotNumber number)
    {
        var directory = new RecordWriter();
        for (var i = 0; i < _blocks.Count; i++)
        {
            directory.Write(_blocks[i].OffsetBytes - (i == 0 ? 0 : _blocks[i - 1].OffsetBytes));
            directory.WriteRaw(_blocks[i].Header);
        }

        Span<byte> trailer = stackalloc byte[MilestoneFile.TrailerBytes];
        BinaryPrimitives.WriteInt64LittleEndian(trailer, _position);
        MilestoneFile.EndMark.CopyTo(trailer[sizeof(long)..]);
        var bytes = directory.ToArray();
        Append(BlockKind.Directory, isCompressed: false, bytes.Length, bytes);
        Write(trailer);
        Guard(_folder, () =>
        {
            _file.Flush(flushToDisk: true);
            _file.Dispose();
            File.Move(Path.Combine(_folder, AsideName), MilestoneFile.PathOf(_folder, number), overwrite: true);
            return true;
        });
        DirectorySync.Sync(_folder);
    }

    public void Dispose() => _file.Dispose();

    private void Append(BlockKind kind, bool isCompressed, long decodedBytes, ReadOnlySpan<byte> data)
    {
        var block = MilestoneBlock.Of(kind, isCompressed, _position, data, decodedBytes);
        _blocks.Add(block);
        Write(block.Header);
        Write(data);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _file.Write(bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failure(_folder, e);
        }

        _position += bytes.Length;
    }

    private static T Guard<T>(string folder, Func<T> act)
    {
        try
        {
            return act();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failure(folder, e);
        }
    }

    private static SavepointException Failure(string folder, Exception e) => StoreFileErrors.Translate($"No archive can be written in {folder}, so no milestone was made", e);
}
