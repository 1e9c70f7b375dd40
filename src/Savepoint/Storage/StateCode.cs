using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>A <see cref="FileState"/> as one number, <c>type &lt;&lt; 12 | mode</c>, beside its content (docs/file-format.md, Tables).</summary>
internal static class StateCode
{
    private const int TypeShift = 12;
    private const int File = 1;
    private const int Symlink = 2;
    private const int Directory = 3;

    public const long Absent = 0;

    public static long Pack(FileState state) => state switch
    {
        FileState.Regular file => (File << TypeShift) | file.Mode.Bits,
        FileState.Symlink => Symlink << TypeShift,
        FileState.Directory directory => (Directory << TypeShift) | directory.Mode.Bits,
        _ => Absent,
    };

    public static FileState Unpack(long code, ContentId? content, long? sizeBytes) => (code >> TypeShift, content) switch
    {
        (0, _) when code == Absent => FileState.None,
        (File, { } id) => new FileState.Regular(new UnixMode((int)code), id, sizeBytes ?? 0),
        (Symlink, { } id) => new FileState.Symlink(id, sizeBytes ?? 0),
        (Directory, _) => new FileState.Directory(new UnixMode((int)code)),
        _ => throw new SavepointException(ErrorCode.Damaged, $"A recorded state has the unknown code {code}.", "Run 'savepoint verify' to see what is lost and 'savepoint repair' to mend it."),
    };

    public static long? SizeBytes(FileState state) => state switch
    {
        FileState.Regular file => file.SizeBytes,
        FileState.Symlink link => link.SizeBytes,
        _ => null,
    };
}
