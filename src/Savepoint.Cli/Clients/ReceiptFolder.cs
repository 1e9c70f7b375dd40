using System.Text.Json;
using Savepoint.Cli.Settings;

namespace Savepoint.Cli.Clients;

/// <summary>The receipts of what was installed: one file each in <c>installed/</c> beside the histories (docs/file-format.md).</summary>
/// <param name="storeHome">The folder of all histories.</param>
internal sealed class ReceiptFolder(string storeHome)
{
    private readonly HomeRecords _records = new(storeHome, "installed");

    /// <summary>The receipt for a file; null if there is none that can be read.</summary>
    public Receipt? Find(string file)
    {
        try
        {
            return _records.Find(file) is { } bytes && Receipt.Parse(bytes) is var receipt && receipt.File == file ? receipt : null;
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return null;
        }
    }

    public void Keep(Receipt receipt) => _records.Keep(receipt.File, receipt.WriteTo);

    public void Delete(string file) => _records.Delete(file);
}
