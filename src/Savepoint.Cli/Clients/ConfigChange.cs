using Savepoint.Model;

namespace Savepoint.Cli.Clients;

/// <summary>Carries out what <see cref="ConfigPlan"/> decided: all of it, or, if one file or its receipt cannot be written, nothing.</summary>
internal sealed class ConfigChange(ReceiptFolder receipts)
{
    public void Carry(IReadOnlyList<FileEdit> edits)
    {
        var undo = new Stack<Action>();
        var made = new List<string>();
        var leftEmpty = new List<string>();
        try
        {
            foreach (var edit in edits.Where(edit => edit.IsChange))
            {
                var known = receipts.Find(edit.File);
                var folders = edit.After is null ? [] : ConfigFile.MakeFolders(Path.GetDirectoryName(edit.File)!);
                made.AddRange(folders);
                undo.Push(() => Note(edit.File, known));
                Note(edit.File, edit.Receipt is { } receipt ? receipt with { Folders = [.. receipt.Folders, .. folders.Except(receipt.Folders)] } : null);
                ConfigFile.Replace(edit.File, edit.Before, edit.After);
                undo.Push(() => ConfigFile.Replace(edit.File, edit.After, edit.Before));
                leftEmpty.AddRange(edit.Receipt is null ? known?.Folders ?? [] : []);
            }
        }
        catch
        {
            TakeBack(undo);
            ConfigFile.RemoveEmpty(made);
            throw;
        }

        ConfigFile.RemoveEmpty(leftEmpty);
    }

    /// <summary>All that was done, in reverse. What cannot be taken back, a receipt that could not be written either, does not keep the rest from it.</summary>
    private static void TakeBack(Stack<Action> undo)
    {
        foreach (var action in undo)
        {
            try
            {
                action();
            }
            catch (SavepointException)
            {
                // What stopped the change is told, and says more.
            }
        }
    }

    private void Note(string file, Receipt? receipt)
    {
        if (receipt is null)
        {
            receipts.Delete(file);
        }
        else
        {
            receipts.Keep(receipt);
        }
    }
}
