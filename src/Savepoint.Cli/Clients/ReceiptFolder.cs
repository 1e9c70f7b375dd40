using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Savepoint.Cli.Clients;

/// <summary>The receipts of what was installed: one file each in <c>installed/</c> beside the histories (docs/file-format.md).</summary>
/// <param name="storeHome">The folder of all histories.</param>
internal sealed class ReceiptFolder(string storeHome)
{
    private const int KeyDigits = 16;
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _folder = Path.Combine(storeHome, "installed");

    /// <summary>The receipt for a file; null if there is none that can be read.</summary>
    public Receipt? Find(string file)
    {
        try
        {
            return File.Exists(PathOf(file)) && Receipt.Parse(File.ReadAllBytes(PathOf(file))) is { } receipt && receipt.File == file ? receipt : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or FormatException)
        {
            return null;
        }
    }

    public void Keep(Receipt receipt)
    {
        foreach (var folder in (string[])[storeHome, _folder])
        {
            _ = OperatingSystem.IsWindows() ? Directory.CreateDirectory(folder) : Directory.CreateDirectory(folder, Private);
        }

        var path = PathOf(receipt.File);
        using (var stream = File.Create(path + ".new"))
        {
            receipt.WriteTo(stream);
        }

        File.Move(path + ".new", path, overwrite: true);
    }

    public void Delete(string file)
    {
        if (!Directory.Exists(_folder))
        {
            return;
        }

        File.Delete(PathOf(file));
        ConfigFile.RemoveEmpty([_folder]);
    }

    private string PathOf(string file) => Path.Combine(_folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(file)))[..KeyDigits] + ".json");
}
