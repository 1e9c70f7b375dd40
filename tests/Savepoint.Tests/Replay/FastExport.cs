using System.Globalization;
using System.Text;
using ZstdSharp;

namespace Savepoint.Tests.Replay;

/// <summary>A file of one version: its bytes, and whether it may be executed.</summary>
internal sealed record VersionedFile(byte[] Bytes, bool IsExecutable);

/// <summary>
/// Reads the part of git's fast-export format that a straight history without renames uses: blobs, commits, <c>M</c> and
/// <c>D</c> lines.
/// </summary>
internal sealed class FastExport
{
    private readonly byte[] _stream;
    private int _position;

    private FastExport(byte[] stream) => _stream = stream;

    /// <summary>The versions of express, the oldest first, each as its paths with their files.</summary>
    public static IEnumerable<IReadOnlyDictionary<string, VersionedFile>> ExpressVersions()
    {
        using var file = File.OpenRead(Path.Combine(TestData.Directory(), "express", "express.fast-export.zst"));
        using var decompressed = new DecompressionStream(file);
        using var whole = new MemoryStream();
        decompressed.CopyTo(whole);
        return new FastExport(whole.ToArray()).Versions();
    }

    private IEnumerable<IReadOnlyDictionary<string, VersionedFile>> Versions()
    {
        var blobs = new Dictionary<string, byte[]>();
        var files = new Dictionary<string, VersionedFile>();
        var isInCommit = false;
        while (_position < _stream.Length)
        {
            var line = ReadLine();
            switch (line.Split(' ')[0])
            {
                case "blob":
                    var mark = ReadLine()["mark ".Length..];
                    blobs[mark] = ReadData(ReadLine());
                    break;
                case "data":
                    ReadData(line); // a commit's message
                    break;
                case "commit":
                    if (isInCommit)
                    {
                        yield return new Dictionary<string, VersionedFile>(files);
                    }

                    isInCommit = true;
                    break;
                case "M":
                    var parts = line.Split(' ', 4);
                    files[Plain(parts[3])] = new VersionedFile(blobs[parts[2]], IsExecutable: parts[1] == "100755");
                    break;
                case "D":
                    files.Remove(Plain(line[2..]));
                    break;
            }
        }

        yield return files;
    }

    private static string Plain(string path) =>
        path.StartsWith('"') ? throw new InvalidDataException($"{path} is quoted, which this reader does not know.") : path;

    private string ReadLine()
    {
        var length = _stream.AsSpan(_position).IndexOf((byte)'\n');
        var line = Encoding.UTF8.GetString(_stream, _position, length);
        _position += length + 1;
        return line;
    }

    private byte[] ReadData(string header)
    {
        var length = int.Parse(header["data ".Length..], CultureInfo.InvariantCulture);
        var data = _stream.AsSpan(_position, length).ToArray();
        _position += length;
        return data;
    }
}
