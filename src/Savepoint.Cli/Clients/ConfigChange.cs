namespace Savepoint.Cli.Clients;

/// <summary>Carries out what <see cref="ConfigPlan"/> decided: all of it, or, if one file cannot be written, nothing.</summary>
internal sealed class ConfigChange(ReceiptFolder receipts)
{
    public void Carry(IReadOnlyList<FileEdit> edits)
    {
        var written = new List<FileEdit>();
        var folders = new Dictionary<FileEdit, List<string>>();
        try
        {
            foreach (var edit in edits.Where(edit => edit.IsChange))
            {
                folders[edit] = edit.After is null ? [] : ConfigFile.MakeFolders(Path.GetDirectoryName(edit.File)!);
                ConfigFile.Replace(edit.File, edit.Before, edit.After);
                written.Add(edit);
            }
        }
        catch
        {
            foreach (var edit in Enumerable.Reverse(written))
            {
                ConfigFile.Replace(edit.File, edit.After, edit.Before);
            }

            ConfigFile.RemoveEmpty(folders.Values.SelectMany(made => made));
            throw;
        }

        foreach (var edit in written)
        {
            Note(edit, folders[edit]);
        }
    }

    private void Note(FileEdit edit, List<string> made)
    {
        if (edit.Receipt is { } receipt)
        {
            receipts.Keep(receipt with { Folders = [.. receipt.Folders, .. made.Except(receipt.Folders)] });
        }
        else
        {
            ConfigFile.RemoveEmpty(receipts.Find(edit.File)?.Folders ?? []);
            receipts.Delete(edit.File);
        }
    }
}
