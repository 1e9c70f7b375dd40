using System.Buffers.Binary;
using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Savepoint.Model;

namespace Savepoint.Storage.Milestones;

/// <summary>
/// One archive, open for reading: its blocks, found through its directory, or by walking the headers if that is damaged.
/// Thread-safe. A file that is replaced or deleted meanwhile stays readable through what is open.
/// </summary>
internal sealed class MilestoneFile : IDisposable
{
    public const int TrailerBytes = 16;

    private const string Extension = ".l3";

    private readonly SafeFileHandle _handle;

    private MilestoneFile(string path, SafeFileHandle handle)
    {
        (FilePath, _handle) = (path, handle);
        SizeBytes = RandomAccess.GetLength(handle);
    }

    public static ReadOnlySpan<byte> Signature => "SPL3\r\n\u0001\n"u8;

    public static ReadOnlySpan<byte> EndMark => "SPL3.end"u8;

    public string FilePath { get; }

    public long SizeBytes { get; }

    /// <summary>All its blocks but the directory, in their order.</summary>
    public IReadOnlyList<MilestoneBlock> Blocks { get; private set; } = [];

    /// <summary>What is wrong with how its blocks are found, though they are; null if nothing.</summary>
    public string? Problem { get; private set; }

    public MilestoneSummary Summary { get; private set; } = null!;

    public static string PathOf(string folder, SnapshotNumber number) => Path.Combine(folder, $"{number}{Extension}");

    /// <summary>The number in a file's name; null if it is no archive's.</summary>
    public static long? NumberOf(string path) =>
        Path.GetExtension(path) == Extension && long.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;

    /// <exception cref="SavepointException">It is not there, or is no archive, or its summary is lost.</exception>
    public static MilestoneFile Open(string path)
    {
        try
        {
            var file = new MilestoneFile(path, File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete));
            try
            {
                file.FindBlocks();
                file.Summary = file.ReadSummary();
                return file;
            }
            catch
            {
                file.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SavepointException(e is FileNotFoundException or DirectoryNotFoundException ? ErrorCode.Damaged : ErrorCode.PermissionDenied, $"The archive {path} cannot be read: {e.Message}", "Run 'savepoint verify --deep' to see what is lost and 'savepoint repair' to mend it.", e);
        }
    }

    /// <summary>The decoded bytes of a block.</summary>
    /// <exception cref="SavepointException">They are not what was written.</exception>
    public byte[] Read(MilestoneBlock block)
    {
        if (block.EndBytes > SizeBytes)
        {
            throw Damaged($"the {Name(block)} at {block.OffsetBytes} is cut off");
        }

        using var buffer = new ScratchBytes((int)block.DataBytes);
        var data = buffer.Span;
        return !Fill(data, block.OffsetBytes + MilestoneBlock.HeaderBytes) || !block.IsSound(data) ? throw Damaged($"the {Name(block)} at {block.OffsetBytes} does not match its hash")
            : block.IsCompressed ? ContentCodec.Decompress(data, default, (int)block.DecodedBytes)
            : data.ToArray();
    }

    public void Dispose() => _handle.Dispose();

    private void FindBlocks()
    {
        var signature = new byte[Signature.Length];
        if (!Fill(signature, 0) || !signature.AsSpan().SequenceEqual(Signature))
        {
            Problem = "its first bytes are not an archive's";
        }

        if (TryReadDirectory() is { } blocks)
        {
            Blocks = blocks;
            return;
        }

        Problem ??= "its directory is damaged";
        Blocks = Walk();
    }

    private List<MilestoneBlock>? TryReadDirectory()
    {
        var trailer = new byte[TrailerBytes];
        if (SizeBytes < TrailerBytes || !Fill(trailer, SizeBytes - TrailerBytes) || !trailer.AsSpan(sizeof(long)).SequenceEqual(EndMark)
            || HeaderAt(BinaryPrimitives.ReadInt64LittleEndian(trailer)) is not { Kind: BlockKind.Directory } directory)
        {
            return null;
        }

        try
        {
            var record = new RecordReader(Read(directory));
            var blocks = new List<MilestoneBlock>();
            for (long offset = 0; !record.IsAtEnd;)
            {
                offset += record.Read();
                var block = MilestoneBlock.TryParse(record.ReadRaw(MilestoneBlock.HeaderBytes), offset) ?? throw RecordReader.Damaged();
                blocks.Add(block);
                if (HeaderAt(offset)?.Header.AsSpan().SequenceEqual(block.Header) != true)
                {
                    Problem = $"the header at {offset} is damaged"; // the directory has it as well
                }
            }

            return blocks;
        }
        catch (SavepointException e) when (e.Code == ErrorCode.Damaged)
        {
            return null;
        }
    }

    private List<MilestoneBlock> Walk()
    {
        var blocks = new List<MilestoneBlock>();
        for (long offset = Signature.Length; HeaderAt(offset) is { Kind: not BlockKind.Directory } block; offset = block.EndBytes)
        {
            blocks.Add(block);
        }

        return blocks;
    }

    private MilestoneBlock? HeaderAt(long offset)
    {
        var header = new byte[MilestoneBlock.HeaderBytes];
        return offset >= Signature.Length && Fill(header, offset) ? MilestoneBlock.TryParse(header, offset) : null;
    }

    private MilestoneSummary ReadSummary()
    {
        foreach (var block in Blocks.Where(block => block.Kind == BlockKind.Summary))
        {
            try
            {
                return MilestoneSummary.Parse(Read(block));
            }
            catch (SavepointException e) when (e.Code == ErrorCode.Damaged)
            {
                Problem = "one of its summaries is damaged"; // it stands twice
            }
        }

        throw Damaged("it has no summary that can be read");
    }

    private bool Fill(Span<byte> buffer, long offset)
    {
        var filled = 0;
        while (filled < buffer.Length && RandomAccess.Read(_handle, buffer[filled..], offset + filled) is > 0 and var read)
        {
            filled += read;
        }

        return filled == buffer.Length;
    }

    private static string Name(MilestoneBlock block) => $"{block.Kind.ToString().ToLowerInvariant()} block";

    private SavepointException Damaged(string why) =>
        new(ErrorCode.Damaged, $"The archive {Path.GetFileName(FilePath)} is damaged: {why}.", "Run 'savepoint verify --deep' to see what is lost and 'savepoint repair' to mend it.");
}
