using System.Text;
using Savepoint.Model;

namespace Savepoint.Workspaces.Overlays;

/// <summary>
/// Who has an overlay's layer mounted: one process at a time, by a lock on a file beside the layer that ends with its process. The file
/// holds the mount namespace of what was started, so that whoever comes after a process that was killed ends what that left running: two
/// mounts of one layer are undefined.
/// </summary>
internal sealed class OverlayUse : IDisposable
{
    private const int MaxNameBytes = 256;

    private readonly FileStream _file;
    private readonly string _upper;

    private OverlayUse(FileStream file, string upper) => (_file, _upper) = (file, upper);

    /// <summary>What is written through an overlay goes here.</summary>
    /// <param name="layer">Its folder.</param>
    public static string UpperOf(string layer) => Path.Combine(layer, "upper");

    /// <summary>Takes the layer; null if a living process has it.</summary>
    /// <exception cref="SavepointException">The layer is gone, or the file cannot be opened or read.</exception>
    public static OverlayUse? TryTake(string layer)
    {
        OverlayUse? use = null;
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            use = new OverlayUse(new FileStream(Path.Combine(layer, "use"), options), UpperOf(layer));
            use.EndLeftovers();
            return use;
        }
        catch (IOException e) when (use is null && e.HResult == TreeErrors.TryAgain)
        {
            return null;
        }
        catch (Exception e)
        {
            use?.Dispose();
            if (e is not (IOException or UnauthorizedAccessException))
            {
                throw;
            }

            throw TreeErrors.FromExceptionAt("take the overlay", layer, e);
        }
    }

    /// <summary>Notes what was started.</summary>
    /// <param name="space">Its mount namespace.</param>
    public void Note(string space)
    {
        _file.Position = 0;
        _file.Write(Encoding.ASCII.GetBytes(space));
        _file.SetLength(space.Length);
    }

    /// <summary>The file's descriptor, into which a child may write its namespace, padded with NULs; good until this is disposed of.</summary>
    public int Descriptor => (int)_file.SafeFileHandle.DangerousGetHandle();

    /// <summary>Ends what is left of what was started; how many processes.</summary>
    public int EndLeftovers()
    {
        _file.Position = 0;
        var bytes = new byte[MaxNameBytes];
        var length = _file.Read(bytes);
        if (length == 0)
        {
            return 0;
        }

        var ended = Linux.NamespaceProcesses.End(Encoding.ASCII.GetString(bytes, 0, length).TrimEnd('\0'), _upper);
        _file.SetLength(0);
        return ended;
    }

    public void Dispose() => _file.Dispose();
}
