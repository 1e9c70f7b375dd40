using System.Security.Cryptography;
using System.Text;
using Savepoint.Model;

namespace Savepoint.Cli.Settings;

/// <summary>Small private files beside the histories, each about one path elsewhere, in a folder that is there while it holds any.</summary>
/// <param name="storeHome">The folder of all histories.</param>
/// <param name="name">The folder's name in it (docs/file-format.md).</param>
internal sealed class HomeRecords(string storeHome, string name)
{
    private const int KeyDigits = 16;
    private const UnixFileMode PrivateFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode PrivateFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _folder = Path.Combine(storeHome, name);

    /// <summary>The record about a path; null if there is none, or it cannot be read. Two paths may have one record: it has to name its own.</summary>
    public byte[]? Find(string path)
    {
        try
        {
            return File.Exists(FileOf(path)) ? File.ReadAllBytes(FileOf(path)) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Keeps a record about a path in place of the one that is there.</summary>
    /// <exception cref="SavepointException">The folder cannot be written.</exception>
    public void Keep(string path, Action<Stream> write)
    {
        try
        {
            foreach (var folder in (string[])[storeHome, _folder])
            {
                _ = OperatingSystem.IsWindows() ? Directory.CreateDirectory(folder) : Directory.CreateDirectory(folder, PrivateFolder);
            }

            var aside = FileOf(path) + ".new";
            using (var stream = new FileStream(aside, Options()))
            {
                write(stream);
            }

            File.Move(aside, FileOf(path), overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(e);
        }
    }

    /// <summary>Deletes the record about a path, if there is one, and the folder with the last.</summary>
    /// <exception cref="SavepointException">The folder cannot be written.</exception>
    public void Delete(string path)
    {
        if (!Directory.Exists(_folder))
        {
            return;
        }

        try
        {
            File.Delete(FileOf(path));
            if (!Directory.EnumerateFileSystemEntries(_folder).Any())
            {
                Directory.Delete(_folder);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(e);
        }
    }

    private SavepointException NotWritable(Exception e) =>
        new(ErrorCode.PermissionDenied, $"{_folder} cannot be written: {e.Message}", $"Correct its permissions, or name another place with {EffectiveSettings.StoreHomeVariable}.", e);

    private static FileStreamOptions Options()
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = PrivateFile;
        }

        return options;
    }

    private string FileOf(string path) => Path.Combine(_folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..KeyDigits] + ".json");
}
