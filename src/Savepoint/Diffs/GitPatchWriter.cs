using System.Buffers;
using System.IO.Compression;
using System.Text;
using Savepoint.Model;

namespace Savepoint.Diffs;

/// <summary>Writes file patches in the format of <c>git diff --binary --full-index</c>, without function names behind <c>@@</c>.</summary>
internal static class GitPatchWriter
{
    // No data in zlib's format (RFC 1950): header, one empty final block, checksum 1.
    private static ReadOnlySpan<byte> EmptyStream => [0x78, 0x9c, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01];

    public static void Write(FilePatch file, IBufferWriter<byte> destination)
    {
        WriteHeader(file, destination);
        if (file.Binary is { Forward.Kind: BinaryPayloadKind.Omitted })
        {
            Text($"Binary files {NameOrNone("a/"u8, file.OldPath)} and {NameOrNone("b/"u8, file.NewPath)} differ\n", destination);
        }
        else if (file.Binary is { } binary)
        {
            destination.Write("GIT binary patch\n"u8);
            WritePayload(binary.Forward, destination);
            if (binary.Reverse is { } reverse)
            {
                WritePayload(reverse, destination);
            }
        }
        else if (file.Hunks.Count > 0)
        {
            WriteNameLine("--- "u8, "a/"u8, file.OldPath, destination);
            WriteNameLine("+++ "u8, "b/"u8, file.NewPath, destination);
            foreach (var hunk in file.Hunks)
            {
                Text($"@@ -{Range(hunk.OldStart, hunk.OldCount)} +{Range(hunk.NewStart, hunk.NewCount)} @@\n", destination);
                destination.Write(hunk.Body.Span);
            }
        }
    }

    private static void WriteHeader(FilePatch file, IBufferWriter<byte> destination)
    {
        Text($"diff --git {HeaderName("a/"u8, file.OldPath ?? file.Path)} {HeaderName("b/"u8, file.NewPath ?? file.Path)}\n", destination);
        if (file.IsCreation)
        {
            WriteMode("new file mode "u8, file.NewMode, destination);
        }
        else if (file.IsDeletion)
        {
            WriteMode("deleted file mode "u8, file.OldMode, destination);
        }
        else if (file.OldMode != file.NewMode)
        {
            WriteMode("old mode "u8, file.OldMode, destination);
            WriteMode("new mode "u8, file.NewMode, destination);
        }

        if (file.IsRename)
        {
            if (file.SimilarityPercent is { } percent)
            {
                Text($"similarity index {percent}%\n", destination);
            }

            Text($"rename from {Quoted(default, file.OldPath!.Value)}\nrename to {Quoted(default, file.Path)}\n", destination);
        }

        WriteIndex(file, destination);
    }

    private static void WriteIndex(FilePatch file, IBufferWriter<byte> destination)
    {
        if (file.OldBlob is not { } before || file.NewBlob is not { } after)
        {
            return;
        }

        Text($"index {before}..{after}", destination);
        if (file.OldMode == file.NewMode && file.NewMode != GitFileMode.Unknown)
        {
            destination.Write(" "u8);
            destination.Write(GitFileModes.Digits(file.NewMode));
        }

        destination.Write("\n"u8);
    }

    private static void WriteMode(ReadOnlySpan<byte> label, GitFileMode mode, IBufferWriter<byte> destination)
    {
        destination.Write(label);
        destination.Write(GitFileModes.Digits(mode));
        destination.Write("\n"u8);
    }

    /// <summary>A name with a space is followed by a tab, so that readers do not take what comes after the space for a date.</summary>
    private static void WriteNameLine(ReadOnlySpan<byte> label, ReadOnlySpan<byte> prefix, WorkspacePath? path, IBufferWriter<byte> destination)
    {
        destination.Write(label);
        if (path is { } present)
        {
            Text(Quoted(prefix, present), destination);
            destination.Write(present.Bytes.Contains((byte)' ') ? "\t\n"u8 : "\n"u8);
        }
        else
        {
            destination.Write("/dev/null\n"u8);
        }
    }

    /// <summary>1-based, the count left out if it is 1; an empty range is named by the line before it.</summary>
    private static string Range(int start, int count) => count switch
    {
        0 => $"{start},0",
        1 => $"{start + 1}",
        _ => $"{start + 1},{count}",
    };

    private static string Quoted(ReadOnlySpan<byte> prefix, WorkspacePath path) => PathQuoting.Quote([.. prefix, .. path.Bytes]);

    /// <summary>
    /// A name of the header, which is the only one that a binary file, an empty one or a change of mode has. Git looks for its end at each space and gives up where a '/' follows
    /// (git_header_name in its apply.c), so a directory whose name ends in a space needs quotes.
    /// </summary>
    private static string HeaderName(ReadOnlySpan<byte> prefix, WorkspacePath path) =>
        Quoted(prefix, path) is var name && name.Contains(" /", StringComparison.Ordinal) && !name.StartsWith('"') ? $"\"{name}\"" : name;

    private static string NameOrNone(ReadOnlySpan<byte> prefix, WorkspacePath? path) => path is { } present ? Quoted(prefix, present) : "/dev/null";

    private static void WritePayload(BinaryPayload payload, IBufferWriter<byte> destination)
    {
        Text($"{(payload.Kind == BinaryPayloadKind.Delta ? "delta" : "literal")} {payload.LengthBytes}\n", destination);
        using (var lines = new GitBase85Stream(destination))
        {
            if (payload.LengthBytes == 0)
            {
                lines.Write(EmptyStream); // ZLibStream writes nothing at all for nothing, which git takes for a broken patch
            }
            else
            {
                using var zlib = new ZLibStream(lines, CompressionLevel.Optimal);
                payload.CopyTo(zlib);
            }
        }

        destination.Write("\n"u8);
    }

    private static void Text(string text, IBufferWriter<byte> destination) => Encoding.ASCII.GetBytes(text, destination);
}
