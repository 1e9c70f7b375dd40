using Savepoint.Model;

namespace Savepoint.Diffs;

/// <summary>What git's patch format can say of an entry's kind and mode. The values are git's own, in octal.</summary>
public enum GitFileMode
{
    /// <summary>The patch does not say, or nothing stands there.</summary>
    Unknown = 0,

    /// <summary>A regular file, octal 100644.</summary>
    File = 0x81A4,

    /// <summary>A file its owner may execute, octal 100755.</summary>
    Executable = 0x81ED,

    /// <summary>A symbolic link, octal 120000; its content is its target.</summary>
    Symlink = 0xA000,
}

/// <summary>Between git's few modes and the model's states.</summary>
internal static class GitFileModes
{
    /// <summary>The mode git would give the entry; null for what git does not track, a directory or nothing.</summary>
    public static GitFileMode? Of(FileState state) => state switch
    {
        FileState.Regular file => file.Mode.IsExecutable ? GitFileMode.Executable : GitFileMode.File,
        FileState.Symlink => GitFileMode.Symlink,
        _ => null,
    };

    /// <summary>Six octal digits.</summary>
    public static ReadOnlySpan<byte> Digits(GitFileMode mode) => mode switch
    {
        GitFileMode.Executable => "100755"u8,
        GitFileMode.Symlink => "120000"u8,
        _ => "100644"u8,
    };

    /// <summary>Reads six octal digits; false for what a patch cannot hold, submodules (160000) among it.</summary>
    public static bool TryParse(ReadOnlySpan<byte> digits, out GitFileMode mode)
    {
        // Old versions of git recorded group-writable files; git reads any regular mode as one of two.
        mode = digits.Length != 6 ? GitFileMode.Unknown
            : digits.SequenceEqual("120000"u8) ? GitFileMode.Symlink
            : !digits.StartsWith("100"u8) || digits[3..].ContainsAnyExceptInRange((byte)'0', (byte)'7') ? GitFileMode.Unknown
            : ((digits[3] - '0') & 1) != 0 ? GitFileMode.Executable
            : GitFileMode.File;
        return mode != GitFileMode.Unknown;
    }
}
