using System.Globalization;

namespace Savepoint.Storage.Repair;

/// <summary>A name for what has lost its own: one that neither a branch nor a label has. Inside a write.</summary>
internal static class FreeName
{
    /// <summary>A free name of this number.</summary>
    public static string Of(StoreDatabase database, long number)
    {
        var plain = string.Create(CultureInfo.InvariantCulture, $"recovered-{number}");
        var free = plain;
        for (var i = 2; IsTaken(database, free); i++)
        {
            free = string.Create(CultureInfo.InvariantCulture, $"{plain}-{i}");
        }

        return free;
    }

    /// <summary>Whether a branch or a label has a name.</summary>
    public static bool IsTaken(StoreDatabase database, string name) =>
        database.Prepare("SELECT 1 FROM branches WHERE name = $1 UNION ALL SELECT 1 FROM labels WHERE name = $1").Scalar(name) is not null;
}
