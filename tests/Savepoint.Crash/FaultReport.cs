using System.Text;

namespace Savepoint.Crash;

/// <summary>
/// What the layer saw of one process: a file that both map, so it holds what was true in the moment of a death. The
/// layout is <c>struct report</c> of Shim/fault.c.
/// </summary>
internal sealed class FaultReport : IDisposable
{
    private const int KindsOffset = 4 * sizeof(long);
    private const int KindCount = 16;
    private const int CallOffset = KindsOffset + (KindCount * sizeof(long));
    private const int CallBytes = 32;
    private const int PathBytes = 472;
    private const int LengthBytes = CallOffset + CallBytes + PathBytes;

    private readonly System.IO.MemoryMappedFiles.MemoryMappedFile _file;
    private readonly System.IO.MemoryMappedFiles.MemoryMappedViewAccessor _view;

    public FaultReport(string path)
    {
        File.WriteAllBytes(path, new byte[LengthBytes]);
        FilePath = path;
        _file = System.IO.MemoryMappedFiles.MemoryMappedFile.CreateFromFile(path, FileMode.Open);
        _view = _file.CreateViewAccessor(0, LengthBytes);
    }

    public string FilePath { get; }

    /// <summary>The counted calls that have begun.</summary>
    public long Calls => _view.ReadInt64(0);

    /// <summary>Those of them that change something.</summary>
    public long Changes => _view.ReadInt64(sizeof(long));

    /// <summary>Whether the store's database was opened.</summary>
    public bool IsStoreOpened => _view.ReadInt64(2 * sizeof(long)) != 0;

    /// <summary>Whether a fault was injected.</summary>
    public bool HasFired => _view.ReadInt64(3 * sizeof(long)) != 0;

    /// <summary>The counted calls by their <see cref="Effect"/>.</summary>
    public long[] ByEffect => [.. Enumerable.Range(0, KindCount).Select(i => _view.ReadInt64(KindsOffset + (i * sizeof(long))))];

    /// <summary>The first faulty call, and where.</summary>
    public string Where => $"{Text(CallOffset, CallBytes)} {Text(CallOffset + CallBytes, PathBytes)}".Trim();

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }

    private string Text(int offset, int length)
    {
        var bytes = new byte[length];
        _view.ReadArray(offset, bytes, 0, length);
        return Encoding.UTF8.GetString(bytes, 0, Math.Max(0, Array.IndexOf(bytes, (byte)0)));
    }
}
