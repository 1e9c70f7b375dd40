using System.Text.Json;
using Savepoint.Cli.ConfigText;

namespace Savepoint.Cli.Clients;

/// <summary>
/// What is to be done to the files of a client, decided before any of them is touched: a file that cannot be read or
/// understood stops all of it.
/// </summary>
internal sealed class ConfigPlan(ReceiptFolder receipts)
{
    /// <summary>To have ours in it as wanted, and nothing else of ours. What is there already stays where it is.</summary>
    public FileEdit Install(ConfigPart part) => Plan(part, (before, receipt) =>
    {
        var text = before ?? [];
        if (part.OursIn(text).SequenceEqual(part.Wanted))
        {
            return new FileEdit(part.File, before, before);
        }

        var clean = WithoutOurs(part, text, receipt);
        var insertions = part.Keeping(text).InsertionsInto(clean);
        var after = TextEdit.Insert(clean, insertions);
        if (!part.OursIn(after).SequenceEqual(part.Wanted))
        {
            throw new FormatException("ours would not be found in it");
        }

        var isMade = before is null || (receipt is { IsMade: true } && part.IsEmpty(clean));
        return new FileEdit(part.File, before, after, new Receipt(part.File, isMade, receipt?.Folders ?? [], insertions));
    });

    /// <summary>To have nothing of ours in it; not to be there, if it holds nothing else and was not there before.</summary>
    public FileEdit Uninstall(ConfigPart part) => Plan(part, (before, receipt) =>
    {
        if (before is null || part.OursIn(before).Count == 0)
        {
            return new FileEdit(part.File, before, before);
        }

        var clean = WithoutOurs(part, before, receipt);
        var wasThere = receipt is null ? new FileInfo(part.File).LinkTarget is not null : !receipt.IsMade;
        return new FileEdit(part.File, before, part.IsEmpty(clean) && !wasThere ? null : clean);
    });

    private FileEdit Plan(ConfigPart part, Func<byte[]?, Receipt?, FileEdit> plan)
    {
        try
        {
            var before = ConfigFile.Read(part.File);
            return plan(before, ReceiptFor(part, before));
        }
        catch (JsonException e)
        {
            throw ConfigFile.Refused(part.File, e.LineNumber is { } line ? $"it is no valid JSON, see line {line + 1}" : e.Message, e);
        }
        catch (FormatException e)
        {
            throw ConfigFile.Refused(part.File, e.Message, e);
        }
    }

    /// <summary>The receipt of what stands there. Where nothing of ours does, somebody took it away without us, and the file may be another one.</summary>
    private Receipt? ReceiptFor(ConfigPart part, byte[]? before) =>
        before is not null && part.OursIn(before).Count > 0 ? receipts.Find(part.File) : null;

    // By the receipt what was put in comes out to the byte; if others have rewritten the file, ours are looked for in it.
    private static byte[] WithoutOurs(ConfigPart part, byte[] text, Receipt? receipt) =>
        receipt is not null && TextEdit.TakeBack(text, receipt.Insertions) is { } exact && part.IsWithout(text, exact) ? exact : part.Without(text);
}
